import assert from 'node:assert/strict'
import type { Mark } from '#internal/events/mark'
import { silentLog } from '#internal/telemetry/log'
import { waitFor } from '#internal/testing/wait-for'
import { MarkBuffer } from './mark-buffer.ts'

const at = (second: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, second)).toISOString()
const delivered = (after_seq: number, up_to_seq: number, second = 0, conversation_id = 1): Mark => ({
  kind: 'delivered',
  account_id: 1,
  conversation_id,
  after_seq,
  up_to_seq,
  at: at(second),
})
const read = (seq: number, second = 0): Mark => ({
  kind: 'read',
  account_id: 1,
  conversation_id: 1,
  seq,
  at: at(second),
})

/** What goes out when these come while nothing can be sent. */
async function afterOutage(marks: Mark[]): Promise<Mark[]> {
  const sent: Mark[] = []
  let away = true
  const send = async (batch: Mark[]) => {
    if (away) throw new Error('away')
    sent.push(...batch)
  }
  const buffer = new MarkBuffer({ send, logger: silentLog })
  for (const mark of marks) {
    buffer.add(mark)
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
  away = false
  await buffer.stop()
  return sent
}

describe('marks that wait', () => {
  it('become one where ranges touch, with the later time', async () => {
    assert.deepEqual(await afterOutage([delivered(0, 2, 1), delivered(2, 5, 2)]), [delivered(0, 5, 2)])
    assert.deepEqual(await afterOutage([delivered(2, 5, 2), delivered(0, 3, 1)]), [delivered(0, 5, 2)])
    assert.deepEqual(await afterOutage([delivered(0, 5, 1), delivered(2, 3, 2)]), [delivered(0, 5, 1)])
  })

  it('leave a hole between ranges as it is', async () => {
    const marks = [delivered(0, 2), delivered(5, 6), delivered(8, 9), delivered(1, 3), delivered(0, 1, 0, 2)]
    const covered = (found: Mark[]) =>
      new Set(
        found.flatMap((mark) => {
          if (!('up_to_seq' in mark)) return []
          const { conversation_id, after_seq, up_to_seq } = mark
          return Array.from({ length: up_to_seq - after_seq }, (_, i) => `${conversation_id}: ${after_seq + i + 1}`)
        }),
      )
    assert.deepEqual(covered(await afterOutage(marks)), covered(marks))
  })

  it('of reads become the highest, of inboxes the highest position and the first of each alert', async () => {
    assert.deepEqual(await afterOutage([read(3, 1), read(5, 2), read(4, 3), read(5, 4)]), [read(5, 2)])
    const inbox: Mark[] = [
      { kind: 'delivered', object_id: 1, position: 3, at: at(1) },
      { kind: 'delivered', object_id: 1, position: 9, at: at(2) },
      { kind: 'delivered', object_id: 1, position: 5, at: at(3) },
      { kind: 'read', object_id: 1, alert_id: 1, at: at(4) },
      { kind: 'read', object_id: 1, alert_id: 1, at: at(5) },
    ]
    assert.deepEqual(new Set(await afterOutage(inbox)), new Set([inbox[1], inbox[3]]))
  })
})

describe('marks that can be sent', () => {
  it('go out together when they are deliveries, four times a second at most', async () => {
    let batches = 0
    const sent: Mark[] = []
    const buffer = new MarkBuffer({
      send: async (batch) => {
        batches++
        sent.push(...batch)
      },
      logger: silentLog,
    })
    const start = performance.now()
    for (let seq = 1; seq <= 100; seq++) {
      buffer.add(delivered(seq - 1, seq, 0, seq))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    assert.ok(batches <= 1 + (performance.now() - start) / 250, `${batches} batches`)
    await buffer.stop()
    assert.equal(sent.length, 100)
  })

  it('hold up no stop when there is no way to send them', async () => {
    const away = new MarkBuffer({ send: () => Promise.reject(new Error('away')), logger: silentLog })
    away.add(read(1))
    await away.stop()

    const hangs = new MarkBuffer({ send: () => new Promise(() => undefined), logger: silentLog })
    hangs.add(read(1))
    const start = performance.now()
    await hangs.stop()
    assert.ok(performance.now() - start < 8000)
  })

  it('do not wait when somebody is told of them', async () => {
    const sent: Mark[] = []
    const buffer = new MarkBuffer({ send: async (batch) => void sent.push(...batch), logger: silentLog })
    const start = performance.now()
    for (let seq = 1; seq <= 10; seq++) {
      buffer.add(read(seq))
      await waitFor(() => sent.length === seq, { what: 'the mark' })
    }
    // Each comes right after the one before went out: with deliveries they would have taken 250 ms each.
    assert.ok(performance.now() - start < 2000)
    await buffer.stop()
  })
})
