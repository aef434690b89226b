import assert from 'node:assert/strict'
import { waitFor } from '#internal/testing/wait-for'
import { Refused, Unreachable } from '../../api/problem.ts'
import type { Import } from '../../api/views.ts'
import { Importer, type Progress, type Send } from './importer.ts'
import type { Row } from './read-csv.ts'

describe('the import of recipients', () => {
  const rows = (count: number): Row[] =>
    Array.from({ length: count }, (_, i) => ({ line: i + 2, email: `p${i}@example.com`, phone_number: '1' }))
  const all = (batch: Row[]): Import => ({ created: batch.length, duplicates: 0, bad: [] })
  const refused = (status: number, code: string, retryAfter?: number) =>
    new Refused({ status, code, detail: code, ...(retryAfter && { retryAfter }) })

  /** An importer, what it has sent, told and waited for. */
  function start(what: Row[], send: Send) {
    const sent: { lines: number[]; key: string }[] = []
    const told: Progress[] = []
    const waits: number[] = []
    const importer = new Importer(what, {
      send(batch, key) {
        sent.push({ lines: batch.map(({ line }) => line), key })
        return send(batch, key)
      },
      onChange: (progress) => told.push(progress),
      wait: async (ms) => void waits.push(ms),
    })
    return { importer, sent, told, waits, ended: importer.start(), last: () => told.at(-1)! }
  }

  it('sends each row once, in order, some at a time, and counts', async () => {
    const { ended, sent, last } = start(rows(1201), async (batch) => ({
      created: batch.length - 2,
      duplicates: 1,
      bad: [{ index: 1, problem: 'is bad' }],
    }))
    await ended
    assert.deepEqual(
      sent.map(({ lines }) => lines.length),
      [500, 500, 201],
    )
    assert.deepEqual(
      sent.flatMap(({ lines }) => lines),
      rows(1201).map(({ line }) => line),
    )
    assert.equal(new Set(sent.map(({ key }) => key)).size, 3)
    const bad = [3, 503, 1003].map((line) => ({ line, problem: 'is bad' }))
    assert.deepEqual(last(), {
      state: 'done',
      done: 1201,
      total: 1201,
      created: 1195,
      duplicates: 3,
      bad,
      error: undefined,
    })
  })

  it('sends less at a time of what is long', async () => {
    const long = rows(150).map((row) => ({ ...row, email: 'x'.repeat(1000) }))
    const { ended, sent } = start(long, async (batch) => all(batch))
    await ended
    assert.deepEqual(
      sent.map(({ lines }) => lines.length),
      [99, 51],
    )
  })

  it('waits as long as it is asked to, and sends the same again with the same key', async () => {
    const errors = [refused(429, 'too_many_requests', 7), new Unreachable(), refused(503, 'unavailable')]
    const { ended, sent, told, waits, last } = start(rows(1), async (batch) => {
      const error = errors.shift()
      if (error) throw error
      return all(batch)
    })
    await ended
    assert.deepEqual(waits, [7000, 2000, 4000])
    assert.equal(new Set(sent.map(({ key }) => key)).size, 1)
    assert.equal(told.filter(({ state }) => state === 'waiting').length, 3)
    assert.deepEqual([last().state, last().created], ['done', 1])
  })

  it('ends where it is refused, and goes on from there', async () => {
    let isBroken = true
    const { importer, ended, sent, last } = start(rows(600), async (batch) => {
      if (batch.length === 100 && isBroken) throw refused(500, 'internal_error')
      return all(batch)
    })
    await ended
    assert.deepEqual([last().state, last().done], ['failed', 500])
    isBroken = false
    await importer.start()
    assert.deepEqual([last().state, last().done, last().created], ['done', 600, 600])
    assert.deepEqual(sent[1], sent[2])
  })

  it('stops, counts what was on its way, and goes on without a double', async () => {
    const answers: (() => void)[] = []
    const { importer, ended, sent, last } = start(
      rows(1500),
      (batch) => new Promise((resolve) => answers.push(() => resolve(all(batch)))),
    )
    importer.stop()
    answers[0]!()
    await ended
    assert.deepEqual([last().state, last().done, sent.length], ['stopped', 500, 1])

    const again = importer.start()
    // Stopped and started before the answer: there must not be two at once.
    importer.stop()
    assert.equal(importer.start(), again)
    answers[1]!()
    await waitFor(() => answers.length === 3, { what: 'the last rows to be sent' })
    answers[2]!()
    await again
    assert.deepEqual([last().created, sent.length], [1500, 3])
  })

  it('does not wait any longer once it is stopped', async () => {
    let stop = () => {}
    const importer = new Importer(rows(1), {
      send: () => Promise.reject(refused(503, 'unavailable')),
      onChange: ({ state }) => state === 'waiting' && setImmediate(() => stop()),
      wait: () => new Promise(() => {}),
    })
    stop = () => importer.stop()
    await importer.start()
  })
})
