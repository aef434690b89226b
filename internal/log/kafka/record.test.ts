import assert from 'node:assert/strict'
import type { KafkaMessage, Message } from 'kafkajs'
import type { LogEvent } from '#internal/events/event'
import type { Mark } from '#internal/events/mark'
import { eventRecord, markKey, markRecord, parseEvent, parseMark } from './record.ts'

describe('records on Kafka', () => {
  /** As a consumer gets it. */
  const read = ({ key, value, headers }: Message): KafkaMessage => {
    const bytes = (text: unknown) => (text === null || text === undefined ? null : Buffer.from(text as string))
    return {
      key: bytes(key),
      value: bytes(value),
      headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, bytes(text) as Buffer])),
    } as KafkaMessage
  }
  const event: LogEvent = {
    position: 7,
    scope: 'account:1',
    event: 'account.updated',
    at: new Date('2026-11-21T10:20:30.123Z'),
    data: '{"text":"ü \\u0000 \u{1f600}"}',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  }

  it('carry an event as it is, with and without a trace', () => {
    for (const each of [event, { ...event, traceparent: null }])
      assert.deepEqual(parseEvent(read(eventRecord(each, 3, 2))), { event: each, previous: 3 })
    assert.equal(eventRecord(event, 3, 2).partition, 2)
  })

  it('are no events when anything is missing or makes no sense', () => {
    const good = eventRecord(event, 3, 2)
    const bad: Message[] = [
      { ...good, value: null },
      { ...good, key: null },
      { value: 'hello' },
      ...['position', 'previous', 'at'].map((name) => ({ ...good, headers: { ...good.headers, [name]: 'x' } })),
      { ...good, headers: { ...good.headers, event: '' } },
      { ...good, headers: { ...good.headers, previous: '7' } },
      { ...good, headers: { ...good.headers, previous: '-1' } },
    ]
    for (const each of bad) assert.equal(parseEvent(read(each)), undefined, JSON.stringify(each))
  })

  it('carry a mark, by whose it is', () => {
    const at = '2026-11-21T10:20:30.123Z'
    const inbox: Mark = { kind: 'delivered', object_id: 5, position: 9, at }
    const conversation: Mark = { kind: 'read', account_id: 5, conversation_id: 1, seq: 2, at }
    for (const mark of [inbox, conversation]) assert.deepEqual(parseMark(read(markRecord(mark, 0))), mark)
    assert.deepEqual([inbox, conversation].map(markKey), ['object:5', 'account:5'])
    for (const value of [null, 'hello', '7', 'null', '{}', '[]']) assert.equal(parseMark(read({ value })), undefined)
  })
})
