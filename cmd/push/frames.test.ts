import assert from 'node:assert/strict'
import type { LogEvent } from '#internal/events/event'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { Client, type Socket } from './client.ts'
import { createFrameHandler } from './frames.ts'
import { Hub } from './hub.ts'

describe('a topic that ceases to be public while it is looked up', () => {
  const withdrawn: LogEvent = {
    position: 1,
    scope: 'topics',
    event: 'topic.deleted',
    at: new Date(),
    data: '{"id":7}',
    traceparent: null,
  }

  /** Scopes that a client is subscribed to after it has asked to watch topic 7; each answer to "is it public?" in turn. */
  async function watch(answers: ((hub: Hub) => boolean)[]) {
    const hub = new Hub({ metrics: createMetrics('test'), position: 0, ringBytes: 1000, onPublished: () => undefined })
    const subscribed = new Set<string>()
    const errors: string[] = []
    const session = { id: 1, accountId: 1, role: 'member', expiresAt: Number.POSITIVE_INFINITY }
    const client = new Client({ kind: 'stream', session, object: undefined }, undefined)
    const socket: Partial<Socket> = {
      subscribe: (scope) => Boolean(subscribed.add(String(scope))),
      unsubscribe: (scope) => subscribed.delete(String(scope)),
      send: (text) => errors.push(JSON.parse(String(text)).code),
    }
    client.ws = socket as Socket
    hub.admit(client)
    hub.goLive(client)
    const handle = createFrameHandler({
      hub,
      logger: silentLog,
      addMark: () => undefined,
      wasTargeted: async () => false,
      findAccountId: async () => undefined,
      isPublicTopic: async () => answers.shift()!(hub),
    })
    const frame = new TextEncoder().encode('{"type":"watch","conversation_id":7}')
    handle(client, frame.buffer as ArrayBuffer, false)
    await client.handling
    return { subscribed: subscribed.has('conversation:7'), errors, unasked: answers.length }
  }

  it('is looked up again, as the answer may be older than that', async () => {
    const outdated = (hub: Hub) => {
      hub.dispatch([withdrawn])
      return true
    }
    assert.deepEqual(await watch([outdated, () => false]), { subscribed: false, errors: ['not_found'], unasked: 0 })
    assert.deepEqual(await watch([outdated, () => true]), { subscribed: true, errors: [], unasked: 0 })
    assert.deepEqual(await watch([() => true]), { subscribed: true, errors: [], unasked: 0 })
  })
})
