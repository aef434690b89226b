import assert from 'node:assert/strict'
import { getEventListeners, once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { waitFor } from '#internal/testing/wait-for'
import { type RecordedStream, recordStream, startTestBelfry, type TestBelfry } from './testing.ts'

/** What a browser has and Node has not. */
interface Page {
  addEventListener?: unknown
  removeEventListener?: unknown
  document?: unknown
  navigator?: unknown
}

describe('a client in a page', () => {
  const page = globalThis as Page
  let window: EventTarget
  let document: EventTarget & { visibilityState: string }
  let navigator: { onLine: boolean }
  let belfry: TestBelfry
  let anna: Awaited<ReturnType<TestBelfry['account']>>
  let recorded: RecordedStream
  const ownNavigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator')!
  before(async () => {
    belfry = await startTestBelfry()
    anna = await belfry.account('anna')
  })
  beforeEach(() => {
    window = new EventTarget()
    document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
    navigator = { onLine: true }
    page.addEventListener = window.addEventListener.bind(window)
    page.removeEventListener = window.removeEventListener.bind(window)
    page.document = document
    Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true })
    recorded = recordStream({ url: belfry.url, token: anna.token })
  })
  afterEach(() => {
    recorded.stream.close()
    delete page.addEventListener
    delete page.removeEventListener
    delete page.document
    Object.defineProperty(globalThis, 'navigator', ownNavigator)
  })
  after(() => belfry.stop())

  const tell = (target: EventTarget, type: string) => target.dispatchEvent(new Event(type))
  const wakers: Record<string, () => unknown> = {
    online: () => tell(window, 'online'),
    pageshow: () => tell(window, 'pageshow'),
    visibilitychange: () => tell(document, 'visibilitychange'),
    resume: () => tell(document, 'resume'),
  }

  it('finds out within 3 s that its connection died, when there is reason to doubt it', async () => {
    await recorded.until('live')
    belfry.network.freeze()
    for (const wake of Object.values(wakers)) wake()
    const began = Date.now()
    await belfry.write(anna.account.id, 1)
    await recorded.until('waiting')
    const ms = Date.now() - began
    assert.ok(ms > 2500 && ms < 6000, String(ms))
    belfry.network.thaw()
    await recorded.until('live')
    assert.deepEqual(recorded.numbers(), [1])
  })

  it('keeps a connection that answers, and believes that more than the browser', async () => {
    await recorded.until('live')
    const frames = recorded.states.length
    navigator.onLine = false
    tell(window, 'offline')
    assert.deepEqual([recorded.stream.state.phase, recorded.stream.state.offline], ['live', true])
    await waitFor(() => !recorded.stream.state.offline, { what: 'the answer that proves the browser wrong' })
    assert.equal(recorded.states.length, frames + 2)
  })

  it('believes the browser until it has a connection, and when the network is back', async () => {
    await recorded.until('live')
    navigator.onLine = false
    const other = recordStream({ url: belfry.url, token: anna.token })
    assert.equal(other.stream.state.offline, true)
    await other.until('live')
    assert.equal(other.stream.state.offline, false)
    belfry.network.away()
    await other.until('waiting')
    tell(window, 'offline')
    wakers.visibilitychange!()
    assert.equal(other.stream.state.offline, true)
    navigator.onLine = true
    wakers.online!()
    assert.equal(other.stream.state.offline, false)
    other.stream.close()
    await belfry.network.back()
  })

  for (const [name, wake] of Object.entries(wakers)) {
    it(`dials at once on ${name}, with short delays after that`, async () => {
      await recorded.until('live')
      belfry.network.away()
      const tries = () => recorded.phases().filter((phase) => phase === 'waiting').length
      await waitFor(() => tries() === 3, { what: 'three tries' })
      wake()
      assert.equal(recorded.stream.state.phase, 'connecting')
      await waitFor(() => tries() === 4, { what: 'the fourth try' })
      assert.ok(recorded.stream.state.retryAt! - Date.now() <= 500)
      await belfry.network.back()
      await recorded.until('live')
    })
  }

  it('does not dial because it is hidden, nor after the end', async () => {
    await recorded.until('live')
    belfry.network.away()
    await recorded.until('waiting')
    document.visibilityState = 'hidden'
    for (const name of ['pageshow', 'visibilitychange', 'resume']) wakers[name]!()
    assert.equal(recorded.stream.state.phase, 'waiting')
    assert.equal(getEventListeners(window, 'online').length, 1)
    recorded.stream.close()
    document.visibilityState = 'visible'
    for (const wake of Object.values(wakers)) wake()
    assert.equal(recorded.stream.state.phase, 'ended')
    for (const type of ['online', 'offline', 'pageshow']) assert.deepEqual(getEventListeners(window, type), [])
    for (const type of ['visibilitychange', 'resume']) assert.deepEqual(getEventListeners(document, type), [])
    await belfry.network.back()
  })

  it('leaves a dial that hangs for 3 s, as one may that was begun before a sleep', async () => {
    let dials = 0
    const silent = createServer(() => dials++).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const other = recordStream({ url: `http://127.0.0.1:${port}`, token: anna.token })
    await waitFor(() => dials === 1, { what: 'the dial' })
    const began = Date.now()
    for (const wake of Object.values(wakers)) wake()
    await waitFor(() => dials > 1, { what: 'another dial' })
    const ms = Date.now() - began
    assert.ok(ms > 2500 && ms < 12_000, String(ms))
    other.stream.close()
    silent.close()
  })
})
