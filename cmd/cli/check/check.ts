import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { PlainError } from '#internal/runtime/plain-error'
import { request } from '../client/api.ts'
import type { Server } from '../client/server.ts'
import { type Ended, hold } from '../tail/connection.ts'

export interface CheckOptions {
  server: Server
  /** Where push is. */
  pushUrl: string
  timeoutMs: number
}

const topicName = 'belfry check'
const created = z.looseObject({ id: z.int() })
const conversations = z.object({ items: z.array(z.looseObject({ id: z.int(), name: z.string().nullable() })) })

/**
 * Posts a message by REST and waits until it comes over the WebSocket. Resolves with the milliseconds between the two.
 * @throws PlainError when it does not come
 */
export async function checkDelivery({ server, pushUrl, timeoutMs }: CheckOptions): Promise<number> {
  const topic = await ownTopic(server)
  const url = `${pushUrl.replace(/^http/, 'ws')}/api/v1/stream`
  const text = `check ${randomUUID()}`
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const stopping = new AbortController()
  let sentAt = 0
  const ended = hold({
    url,
    token: server.token,
    onFrame(frame) {
      if (frame.type === 'live') {
        sentAt = performance.now()
        post(server, `/api/v1/conversations/${topic}/messages`, { body: text }).catch(reject)
      } else if (frame.type === 'event' && (frame.data as { body?: unknown }).body === text)
        resolve(performance.now() - sentAt)
      return undefined
    },
    signal: stopping.signal,
  })
  void ended.then((how) => reject(new PlainError(`The stream at ${url} ended: ${whyEnded(how)}.`)))
  const late = () => reject(new PlainError(`The message did not come over ${url} within ${timeoutMs / 1000} seconds.`))
  const timer = setTimeout(late, timeoutMs)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    stopping.abort()
    await ended
  }
}

/** The private topic of all checks. */
async function ownTopic(server: Server): Promise<number> {
  const list = { ...server, method: 'GET', path: '/api/v1/conversations', answer: conversations } as const
  const known = (await request(list)).items.find(({ name }) => name === topicName)
  return (known ?? (await post(server, '/api/v1/topics', { name: topicName, visibility: 'private' }))).id
}

const post = (server: Server, path: string, body: object) =>
  request({ ...server, method: 'POST', path, body, idempotencyKey: randomUUID(), answer: created })

const whyEnded = ({ code, refusal, error }: Ended) => refusal?.detail ?? error ?? `code ${code}`
