import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { temporaryDirectory } from '#internal/testing/directory'
import { installClient, startTestBelfry, tsc } from './testing.ts'

const nodeTypes = path.resolve(import.meta.dirname, '../../node_modules/@types/node')

const program = `
import { openStream, type StreamEvent } from 'belfry/client'

const [url, token] = process.argv.slice(2)
const stream = openStream({
  url: url!,
  token: token!,
  cursor: 0,
  onEvent({ data }: StreamEvent) {
    console.log(JSON.stringify(data))
    stream.close()
  },
})
`

describe('belfry/client as a package', function () {
  this.timeout(60_000)

  it('is found by others with its types, and runs by itself', async () => {
    const { directory, remove } = await temporaryDirectory()
    const belfry = await startTestBelfry()
    try {
      await installClient(directory)
      await mkdir(path.join(directory, 'node_modules/@types'))
      await symlink(nodeTypes, path.join(directory, 'node_modules/@types/node'))
      await writeFile(path.join(directory, 'package.json'), '{"type":"module"}')
      await writeFile(path.join(directory, 'follow.ts'), program)
      await tsc(directory, '--strict', '--module', 'nodenext', '--types', 'node', 'follow.ts')
      const anna = await belfry.account('anna')
      await belfry.write(anna.account.id, 1)
      const run = promisify(execFile)(process.execPath, ['follow.js', belfry.url, anna.token], { cwd: directory })
      const { stdout, stderr } = await run
      assert.deepEqual([stdout, stderr], ['{"n":1}\n', ''])
    } finally {
      await belfry.stop()
      await remove()
    }
  })
})
