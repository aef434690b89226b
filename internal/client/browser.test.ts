import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { build } from 'vite'
import { launchChromium } from '#cmd/web/testing/chromium'
import { waitFor } from '#internal/testing/wait-for'
import type { StreamState } from './index.ts'
import { startTestBelfry, type TestBelfry } from './testing.ts'

/** What the page keeps for the test. */
interface Kept {
  states: StreamState[]
  events: unknown[]
}

describe('the client in Chromium', function () {
  this.timeout(60_000)
  let browser: Browser
  let belfry: TestBelfry
  let anna: Awaited<ReturnType<TestBelfry['account']>>
  let script: string
  before(async function () {
    browser = await launchChromium(this)
    script = await bundle()
    belfry = await startTestBelfry()
    anna = await belfry.account('anna')
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
  })
  after(async () => {
    await browser?.close()
    await belfry?.stop()
  })

  /** What a page would load. */
  async function bundle(): Promise<string> {
    const entry = '\0entry'
    const built = await build({
      configFile: false,
      logLevel: 'warn',
      root: import.meta.dirname,
      resolve: { conditions: ['source'] },
      plugins: [
        {
          name: 'entry',
          resolveId: (id) => (id === 'entry' ? entry : undefined),
          load: (id) =>
            id === entry ? `import { openStream } from 'belfry/client'; globalThis.openStream = openStream` : undefined,
        },
      ],
      build: { write: false, target: 'baseline-widely-available', rollupOptions: { input: 'entry' } },
    })
    return (built as { output: { code: string }[] }).output[0]!.code
  }

  /** A page of Belfry's origin that follows the stream. Its policy forbids connections, unless that is passed over. */
  async function follow(token: string, { bypassCSP = true } = {}) {
    const context = await browser.newContext({ bypassCSP })
    const page = await context.newPage()
    await page.goto(`${belfry.url}/api/v1/nowhere`)
    await page.evaluate(`(() => {
      ${script}
      globalThis.kept = { states: [], events: [] }
      openStream({
        url: location.origin,
        token: '${token}',
        onEvent: ({ data }) => void kept.events.push(data.n),
        onState: (state) => void kept.states.push(state),
      })
    })()`)
    const kept = () => page.evaluate<Kept>('kept')
    const phases = async () => (await kept()).states.map(({ phase, offline }) => (offline ? `${phase} offline` : phase))
    return { context, kept, phases, last: async () => (await kept()).states.at(-1) }
  }

  it('keeps its connection through a short loss of the network, and says so', async () => {
    const { context, kept, phases, last } = await follow(anna.token)
    await waitFor(async () => (await last())?.phase === 'live', { what: 'live' })
    await context.setOffline(true)
    await waitFor(async () => (await last())?.offline, { what: 'offline' })
    await belfry.write(anna.account.id, 1)
    await context.setOffline(false)
    await waitFor(async () => (await kept()).events.length === 1, { what: 'the event' })
    await waitFor(async () => !(await last())?.offline, { what: 'no longer offline' })
    assert.deepEqual(await phases(), ['catching-up', 'live', 'live offline', 'live'])
  })

  it('goes on where it was when push restarts', async () => {
    const { kept, phases, last } = await follow(anna.token)
    await waitFor(async () => (await last())?.phase === 'live', { what: 'live' })
    await belfry.stopPush()
    await belfry.write(anna.account.id, 2)
    await waitFor(async () => (await last())?.phase === 'waiting', { what: 'waiting' })
    await belfry.startPush()
    await waitFor(async () => (await last())?.phase === 'live', { what: 'live again' })
    assert.deepEqual((await kept()).events, [2])
    assert.ok(!(await phases()).includes('ended'))
  })

  it('ends with the first try when the token is wrong, which the browser does not tell it', async () => {
    const { kept, last } = await follow('f'.repeat(64))
    await waitFor(async () => (await last())?.phase === 'ended', { what: 'the end' })
    assert.deepEqual(
      (await kept()).states.map(({ phase, reason }) => [phase, reason]),
      [['ended', 'session']],
    )
  })

  it('does not hang where a policy forbids the connection, of which the browser tells an error and no close', async () => {
    const { phases } = await follow(anna.token, { bypassCSP: false })
    await waitFor(async () => (await phases()).length >= 3, { what: 'a second try' })
    assert.deepEqual((await phases()).slice(0, 3), ['waiting', 'connecting', 'waiting'])
  })
})
