import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { waitFor } from '#internal/testing/wait-for'
import { Refused, Unreachable } from '../api/problem.ts'
import { Outbox, type OutboxOptions, type Outgoing } from './outbox.ts'
import { aMessage } from './testing.ts'

const draft = (key: string, conversationId = 7) => ({ key, conversationId, body: key, replyTo: null, attachments: [] })
const refused = (status: number, code: string) => new Refused({ status, code, detail: `${code}.` })

function memory() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
}

describe('the outbox', () => {
  let boxes: Outbox[]
  /** What was tried, in order. */
  let tried: string[]
  /** What becomes of a try. */
  let answer: (item: Outgoing) => Promise<ReturnType<typeof aMessage>>
  beforeEach(() => {
    boxes = []
    tried = []
    let seq = 0
    answer = async (item) => aMessage({ seq: ++seq, body: item.body })
  })
  afterEach(() => {
    for (const box of boxes) box.close()
  })

  function open(options: Partial<OutboxOptions> = {}): Outbox {
    const post = (item: Outgoing) => {
      tried.push(item.key)
      return answer(item)
    }
    const box = new Outbox({ post, lastSeq: () => 41, storageKey: 'k', ...options })
    boxes.push(box)
    return box
  }
  const states = (box: Outbox) => box.items.map(({ key, state }) => `${key} ${state}`)
  const until = (box: Outbox, ...wanted: string[]) =>
    waitFor(() => String(states(box)) === String(wanted), { what: `the outbox to be ${wanted}` })

  it('sends what was written in its order, one after the other', async () => {
    const box = open()
    let running = 0
    answer = async (item) => {
      assert.equal(++running, 1)
      await turn()
      running--
      return aMessage({ seq: 1, body: item.body })
    }
    for (const key of ['a', 'b', 'c']) box.send(draft(key))
    await until(box, 'a sent', 'b sent', 'c sent')
    assert.deepEqual(tried, ['a', 'b', 'c'])
    box.forget(['a', 'c'])
    assert.deepEqual(states(box), ['b sent'])
  })
  it('sends into one conversation while another waits', async () => {
    const box = open()
    answer = async (item) => {
      if (item.conversationId === 7) throw new Unreachable()
      return aMessage({ seq: 1 })
    }
    box.send(draft('a', 7))
    box.send(draft('b', 8))
    await until(box, 'a waiting', 'b sent')
  })
  it('tries again under the same key until there is an answer, at once when woken', async () => {
    const box = open()
    const failures = [new Unreachable(), refused(503, 'unavailable'), refused(409, 'idempotency_key_running')]
    const done = answer
    answer = (item) => {
      const failure = failures.shift()
      return failure ? Promise.reject(failure) : done(item)
    }
    box.send(draft('a'))
    await waitFor(
      () => {
        box.wake()
        return box.items[0]?.state === 'sent'
      },
      { what: 'the message to be sent' },
    )
    assert.deepEqual(tried, ['a', 'a', 'a', 'a'])
  })
  it('keeps what is refused, goes on with the next, and sends it again on demand', async () => {
    const box = open()
    const done = answer
    answer = async (item) => {
      if (item.key === 'a' && tried.length === 1) throw refused(403, 'friends_only')
      return done(item)
    }
    box.send(draft('a'))
    box.send(draft('b'))
    await until(box, 'a refused', 'b sent')
    assert.equal(box.items[0]!.problem, 'friends_only.')
    box.retry('a')
    await until(box, 'a sent', 'b sent')
  })
  it('lets what is discarded go, and does not send it when it waits', async () => {
    const box = open()
    answer = () => Promise.reject(new Unreachable())
    box.send(draft('a'))
    box.send(draft('b'))
    await until(box, 'a waiting', 'b queued')
    box.discard('a')
    await until(box, 'b waiting')
  })
  it('notes once what was known when a message was first tried', async () => {
    let last = 41
    const box = open({ lastSeq: () => last })
    answer = () => Promise.reject(new Unreachable())
    box.send(draft('a'))
    await until(box, 'a waiting')
    last = 50
    box.wake()
    await waitFor(() => tried.length === 2, { what: 'a second try' })
    assert.equal(box.items[0]!.sinceSeq, 41)
  })
  it('goes on after a reload with what is unsent, under the same keys', async () => {
    const storage = memory()
    const before = open({ storage })
    answer = () => Promise.reject(new Unreachable())
    before.send(draft('a'))
    await until(before, 'a waiting')
    before.close()
    answer = async () => aMessage({ seq: 42 })
    const box = open({ storage })
    await until(box, 'a sent')
    assert.deepEqual(new Set(tried), new Set(['a']))
    assert.deepEqual(open({ storage }).items, [])
  })
  it('does not send by itself what its key is too old for', async () => {
    const storage = memory()
    let now = 0
    const before = open({ storage, now: () => now })
    answer = () => Promise.reject(new Unreachable())
    before.send(draft('a'))
    await until(before, 'a waiting')
    before.close()
    tried = []
    now = 24 * 3600_000
    await until(open({ storage, now: () => now }), 'a refused')
    assert.deepEqual(tried, [])
  })
})
