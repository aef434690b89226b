import assert from 'node:assert/strict'
import { endSession } from '#internal/accounts/sessions'
import { waitFor } from '#internal/testing/wait-for'
import type { StreamOptions, StreamState } from './index.ts'
import { type RecordedStream, recordStream, startTestBelfry, type TestBelfry } from './testing.ts'

describe('a stream that ends', () => {
  let belfry: TestBelfry
  let anna: Awaited<ReturnType<TestBelfry['account']>>
  let opened: RecordedStream[] = []
  before(async () => {
    belfry = await startTestBelfry()
    anna = await belfry.account('anna')
  })
  afterEach(() => {
    for (const { stream } of opened) stream.close()
    opened = []
  })
  after(() => belfry.stop())

  function open(options: Partial<StreamOptions> = {}): RecordedStream {
    const recorded = recordStream({ url: belfry.url, token: anna.token, ...options })
    opened.push(recorded)
    return recorded
  }

  /** It ended for this reason, was told so once, and does nothing any more. */
  async function isOver(recorded: RecordedStream, reason: StreamState['reason']) {
    await recorded.until('ended')
    assert.equal(recorded.stream.state.reason, reason)
    assert.equal(recorded.phases().filter((phase) => phase === 'ended').length, 1)
    const told = recorded.states.length
    recorded.stream.reconnect()
    recorded.stream.watch({ username: 'anna' })()
    recorded.stream.close()
    assert.equal(recorded.stream.state.phase, 'ended')
    assert.equal(recorded.states.length, told)
  }

  it('ends when the session does', async () => {
    const gone = await belfry.account('anna')
    const recorded = open({ token: gone.token })
    await recorded.until('live')
    await belfry.db.transaction((trx) => endSession(trx, anna.account.id, gone.sessionId, new Date()))
    await isOver(recorded, 'session')
    assert.ok(!recorded.phases().includes('waiting'))
  })

  it('ends when the session has ended while it was away', async () => {
    const gone = await belfry.account('anna')
    const recorded = open({ token: gone.token })
    await recorded.until('live')
    belfry.network.away()
    await recorded.until('waiting')
    await belfry.db.transaction((trx) => endSession(trx, anna.account.id, gone.sessionId, new Date()))
    await belfry.network.back()
    await isOver(recorded, 'session')
  })

  it('ends with the first try when the token is wrong', async () => {
    const recorded = open({ token: 'f'.repeat(64) })
    await isOver(recorded, 'session')
    assert.deepEqual(recorded.phases(), ['ended'])
  })

  /** An API key of anna with this scope alone. */
  async function aKey(scope: string): Promise<string> {
    const answer = await fetch(`${belfry.url}/api/v1/api-keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${anna.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: scope, scopes: [scope] }),
    })
    return ((await answer.json()) as { key: string }).key
  }

  it('ends when the token is for something else', async () => {
    await isOver(open({ token: await aKey('messages') }), 'forbidden')
  })

  it('ends when it has sent what no server takes', async () => {
    const recorded = open()
    await recorded.until('live')
    recorded.stream.watch({ username: 'x'.repeat(70_000) })
    await isOver(recorded, 'client')
  })

  it('ends, and says so on the console, when the store does not give a cursor', async () => {
    const { error } = console
    const said: unknown[][] = []
    console.error = (...words) => void said.push(words)
    try {
      await isOver(open({ cursor: { load: () => Number.NaN, save: () => undefined } }), 'client')
      const failing = Promise.reject(new Error('the disk is gone'))
      await isOver(open({ cursor: { load: () => failing, save: () => undefined } }), 'client')
    } finally {
      console.error = error
    }
    assert.equal(said.length, 2)
    assert.match(String(said[1]![1]), /the disk is gone/)
  })

  it('goes on while push is away and the api is not, also with a key for the stream alone', async () => {
    await belfry.stopPush()
    const recorded = open({ token: await aKey('stream') })
    await waitFor(() => recorded.phases().filter((phase) => phase === 'waiting').length === 2, { what: 'two tries' })
    await belfry.startPush()
    await recorded.until('live')
  })
})
