import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { LogEvent } from '#internal/events/event'
import { OrderBuffer } from './order-buffer.ts'

describe('the order buffer', () => {
  const event = (position: number): LogEvent => ({
    position,
    scope: 'topics',
    event: 'topic.created',
    at: new Date(),
    data: '{}',
    traceparent: null,
  })
  const add = (buffer: OrderBuffer, ...positions: number[]) => {
    for (const position of positions) buffer.add(event(position))
  }
  const take = (buffer: OrderBuffer, limit = 1000) => buffer.take(limit).map(({ position }) => position)

  it('gives events in order, each once, and none before its turn', () => {
    const buffer = new OrderBuffer(10)
    add(buffer, 13, 12, 9, 12, 10)
    assert.deepEqual(take(buffer), [])
    add(buffer, 11, 15)
    assert.deepEqual(take(buffer, 2), [11, 12])
    buffer.passed(12)
    add(buffer, 11, 12)
    assert.deepEqual(take(buffer), [13])
    buffer.passed(13)
    assert.deepEqual(take(buffer), [])
    assert.equal(buffer.position, 13)
  })

  it('gives them again until they are passed', () => {
    const buffer = new OrderBuffer(0)
    add(buffer, 1, 2)
    assert.deepEqual(take(buffer), [1, 2])
    assert.deepEqual(take(buffer), [1, 2])
    buffer.passed(1)
    assert.deepEqual(take(buffer), [2])
  })

  it('forgets what was passed by another way, however far that leads', () => {
    const buffer = new OrderBuffer(0)
    add(buffer, 3, 5, 1_000_000_002)
    buffer.passed(4)
    assert.deepEqual(take(buffer), [5])
    buffer.passed(1_000_000_000)
    add(buffer, 1_000_000_001)
    assert.deepEqual(take(buffer), [1_000_000_001, 1_000_000_002])
  })

  it('says since when the next one is missing', async () => {
    const buffer = new OrderBuffer(0)
    add(buffer, 2)
    assert.equal(buffer.holeMs(), 0)
    take(buffer)
    await delay(20)
    take(buffer)
    assert.ok(buffer.holeMs() >= 15)
    add(buffer, 1)
    take(buffer)
    assert.equal(buffer.holeMs(), 0)
    buffer.passed(2)
    take(buffer)
    assert.equal(buffer.holeMs(), 0)
  })

  it('has room up to its capacity, and again when some were passed', async () => {
    const buffer = new OrderBuffer(0)
    for (let position = 1; position < 20_000; position++) buffer.add(event(position))
    await buffer.room()
    buffer.add(event(20_000))
    let room = 0
    const waiting = [buffer.room().then(() => room++), buffer.room().then(() => room++)]
    await delay(5)
    assert.equal(room, 0)
    buffer.passed(1)
    await Promise.all(waiting)
    assert.equal(room, 2)
  })

  it('lets nobody wait when it is closed', async () => {
    const buffer = new OrderBuffer(0)
    for (let position = 1; position <= 20_000; position++) buffer.add(event(position))
    const waiting = buffer.room()
    buffer.close()
    await waiting
    await buffer.room()
  })
})
