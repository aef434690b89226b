import assert from 'node:assert/strict'
import { Program } from '#internal/testing/program'
import { waitFor } from '#internal/testing/wait-for'
import { blocksOf, readDocument, root } from './tour/markdown.ts'
import { Shell } from './tour/shell.ts'

/** What differs from run to run. */
const plain = (line: string) =>
  line.replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"<time>"').replace(/"position":\d+/g, '"position":<n>')

describe('what the documentation shows', function () {
  this.timeout(90_000)
  let program: Program

  beforeEach(async () => {
    program = await Program.create()
  })
  afterEach(async () => {
    await program.remove()
  })

  it('README.md: every line of the tour prints what stands below it', async () => {
    const blocks = blocksOf(readDocument('README.md'), 'A tour')
    assert.ok(blocks.length > 10, 'the tour was found')
    await program.start()
    const shell = new Shell(root)
    const here = (text: string) =>
      text.replaceAll('localhost:8080', `localhost:${program.port}`).replaceAll('.belfry/', `${program.dataDir}/`)
    for (const [i, { language, text }] of blocks.entries()) {
      if (language !== 'bash') continue
      const next = blocks[i + 1]
      const due = next?.language === 'text' ? next.text.split('\n').map(plain) : []
      // An answer and a frame come by different ways, so their order is open.
      const isDue = (printed: string[]) => {
        const got = printed.map(plain)
        return got.length === due.length && got.toSorted().join('\n') === due.toSorted().join('\n')
      }
      if (/roll-call|receipts/.test(text)) await until(async () => isDue(await shell.run(here(text), () => true)))
      else await shell.run(here(text), isDue)
      if (!text.startsWith('kill -9')) continue
      await program.killed(undefined)
      await program.start()
    }
    await program.killed('SIGINT')
    await shell.end()
  })
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  await waitFor(condition, { timeoutMs: 10_000, what: 'the roll-call that README.md shows' })
}
