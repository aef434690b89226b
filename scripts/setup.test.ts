import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

// Stands in for npm: says that it ran, and leaves what `npm ci` leaves. The first argument of the lock file says what to do.
const fakeNpm = `#!/bin/sh
echo "$@" >>calls
sleep 0.2
if [ -e fail ]; then echo 'npm error the disk is made of cheese'; exit 1; fi
rm -rf node_modules && mkdir -p node_modules/.bin && cp ../node node_modules/.bin/node
`

describe('scripts/setup.mjs', () => {
  let home: string
  let root: string

  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'belfry-test-setup-'))
    root = path.join(home, 'checkout')
    await mkdir(path.join(home, 'bin'))
    await writeFile(path.join(home, 'bin/npm'), fakeNpm, { mode: 0o755 })
    await symlink(process.execPath, path.join(home, 'node'))
    await mkdir(path.join(root, 'scripts'), { recursive: true })
    await cp(path.join(import.meta.dirname, 'setup.mjs'), path.join(root, 'scripts/setup.mjs'))
    await cp(path.join(import.meta.dirname, 'setup'), path.join(root, 'scripts/setup'), { recursive: true })
    await writeFile(path.join(root, 'package-lock.json'), '{"packages":{"":{}}}')
  })
  afterEach(() => rm(home, { recursive: true, force: true }))

  const setup = () =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const env = { PATH: `${home}/bin:${process.env.PATH}`, HOME: home, CI: '1' }
      execFile(process.execPath, [path.join(root, 'scripts/setup.mjs')], { env, cwd: home }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
      )
    })
  const calls = async () => (await readFile(path.join(root, 'calls'), 'utf8').catch(() => '')).split('\n').length - 1

  it('installs once, and is quick and silent from then on', async () => {
    const first = await setup()
    assert.equal(first.output, 'Installing dependencies (first time: about a minute)...\n')
    assert.equal(first.code, 0)
    assert.deepEqual(await setup(), { code: 0, output: '' })
    assert.equal(await calls(), 1)
  })

  it('installs again when the lock file changed', async () => {
    await setup()
    await writeFile(path.join(root, 'package-lock.json'), '{"packages":{"":{"version":"2"}}}')
    await setup()
    assert.equal(await calls(), 2)
  })

  it('installs again when the last install did not finish', async () => {
    await setup()
    await rm(path.join(root, 'node_modules/.belfry-lock'))
    await setup()
    assert.equal(await calls(), 2)
  })

  it('takes what somebody installed by hand, if it is what the lock file says', async () => {
    await setup()
    await rm(path.join(root, 'node_modules/.belfry-lock'))
    await writeFile(path.join(root, 'node_modules/.package-lock.json'), '{"packages":{}}')
    assert.deepEqual(await setup(), { code: 0, output: '' })
    assert.equal(await calls(), 1)
  })

  it('does not take an install by hand that lacks something', async () => {
    await setup()
    await rm(path.join(root, 'node_modules/.belfry-lock'))
    await writeFile(path.join(root, 'node_modules/.package-lock.json'), '{"packages":{}}')
    await writeFile(path.join(root, 'package-lock.json'), '{"packages":{"":{},"node_modules/koa":{"version":"3.0.0"}}}')
    await setup()
    assert.equal(await calls(), 2)
  })

  it('lets one of two install and the other wait', async () => {
    const results = await Promise.all([setup(), setup(), setup()])
    assert.deepEqual(
      results.map(({ code }) => code),
      [0, 0, 0],
    )
    assert.equal(await calls(), 1)
    await assert.rejects(stat(path.join(root, '.install.lock')))
  })

  it('takes over the lock of a process that was killed', async () => {
    await mkdir(path.join(root, '.install.lock'))
    await writeFile(path.join(root, '.install.lock/holder'), String(2 ** 31 - 1))
    assert.equal((await setup()).code, 0)
    assert.equal(await calls(), 1)
  })

  it('shows what npm said when it fails, and tries again the next time', async () => {
    await writeFile(path.join(root, 'fail'), '')
    const { code, output } = await setup()
    assert.equal(code, 1)
    assert.match(output, /the disk is made of cheese\n`npm ci` failed \(1\)/)
    await rm(path.join(root, 'fail'))
    assert.equal((await setup()).code, 0)
  })

  it('uses the Node 22 that runs it where the packages have none that runs', async () => {
    await rm(path.join(home, 'node'))
    await writeFile(path.join(home, 'node'), 'not a program')
    await chmod(path.join(home, 'node'), 0o755)
    assert.equal((await setup()).code, 0)
    const version = await new Promise((resolve) =>
      execFile(path.join(root, 'node_modules/.bin/node'), ['--version'], (_, stdout) => resolve(stdout.trim())),
    )
    assert.equal(version, process.version)
  })
})
