import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'

/*
 * What a test of "nothing is lost" needs: a writer that knows what was acknowledged, and followers that know what they got.
 */

export interface Acknowledged {
  id: number
  text: string
  /** Objects it was for, or all. */
  to: number[] | 'all'
  /** When it was acknowledged, by performance.now(). */
  at: number
}

interface CallOptions {
  token?: string
  key?: string
  body?: unknown
  /** Connections to keep; those of all callers without it. */
  agent?: Agent
}

/** A JSON request that is answered, or fails as the connection does: nothing is tried twice. */
export async function call(base: string, method: string, path: string, options: CallOptions = {}) {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (options.token) headers.authorization = `Bearer ${options.token}`
  if (options.key) headers['idempotency-key'] = options.key
  const { agent } = options
  const sent = httpRequest(base + path, {
    method,
    headers,
    signal: AbortSignal.timeout(10_000),
    ...(agent && { agent }),
  })
  sent.end(options.body === undefined ? undefined : JSON.stringify(options.body))
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const text = await textOf(response)
  return { status: response.statusCode!, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text }
}

/** Ada, who is the admin, and objects with their inboxes. */
export async function makeObjects(base: string, count: number) {
  const ada = { username: 'ada', password: 'lovelace' }
  await call(base, 'POST', '/api/v1/accounts', { body: ada })
  const { token } = (await call(base, 'POST', '/api/v1/sessions', { body: ada })).body
  const objects: { id: number; token: string }[] = []
  for (let i = 0; i < count; i++) {
    const body = { email: `o${i}@example.com`, phone_number: '212-555-1234' }
    const { id } = (await call(base, 'POST', '/api/v1/objects', { token, body })).body
    const inbox = await call(base, 'POST', `/api/v1/objects/${id}/inbox-token`, { token })
    objects.push({ id, token: inbox.body.token })
  }
  return { token: token as string, objects }
}

/** Longest outage that a writer puts up with. */
const outageMs = 60_000

/**
 * Raises numbered alerts, one after the other. A write without an answer, or answered with 503, is repeated under the same
 * Idempotency-Key until it is acknowledged: it must then exist once.
 */
export class Writer {
  readonly acknowledged: Acknowledged[] = []
  readonly statuses = new Map<number | string, number>()
  readonly #bases: string[]
  readonly #token: string
  readonly #name: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })

  constructor(name: string, bases: string[], token: string) {
    this.#name = name
    this.#bases = bases
    this.#token = token
  }

  /** Writes until `more` says no, with a pause after each. Throws on an answer that no outage explains, and when one does not end. */
  async run(targets: number[], more: () => boolean, pauseMs = 0): Promise<void> {
    for (let n = 0; more(); n++) {
      if (pauseMs > 0) await delay(pauseMs)
      const to = n % 5 === 0 ? ('all' as const) : [targets[n % targets.length]!]
      const text = `${this.#name} ${n}`
      const body = to === 'all' ? { text, alert_all: true } : { text, object_ids: to }
      const giveUpAt = performance.now() + outageMs
      for (let attempt = 0; ; attempt++) {
        const base = this.#bases[(n + attempt) % this.#bases.length]!
        const options = { token: this.#token, key: `${this.#name}-${n}`, body, agent: this.#agent }
        const answer = await call(base, 'POST', '/api/v1/alerts', options).catch((error) => ({
          status: error.code,
          body: error.message,
        }))
        const { status } = answer
        this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
        if (status === 201) {
          this.acknowledged.push({ id: answer.body.id, text, to, at: performance.now() })
          break
        }
        if ((typeof status === 'number' && status !== 503 && status !== 409) || performance.now() > giveUpAt)
          throw new Error(`${text}: ${status} ${JSON.stringify(answer.body)}`)
        await delay(20)
      }
    }
  }
}

/** An end of a connection; times by performance.now(). */
export interface Ended {
  code: number
  at: number
  /** When another one was open, which an inbox begins with what it missed; on a stream, when it had brought the first frame after hello. */
  resumedAt: number | undefined
}

/** Follows a socket for as long as the test runs, whatever happens to the server: reconnects, when it is told to, with the cursor that it has. */
export class SocketFollower<T extends { position: number }> {
  readonly got: T[] = []
  /** When each came, by performance.now(). */
  readonly gotAt: number[] = []
  readonly ended: Ended[] = []
  /** What was wrong with connections, the refused ones among them. */
  readonly errors: string[] = []
  connections = 0
  readonly #bases: string[]
  readonly #path: string
  readonly #token: string
  #cursor: number | undefined
  #stopped = false
  #socket: WebSocket | undefined
  readonly #running: Promise<void>

  constructor(bases: string[], path: string, token: string, cursor?: number) {
    this.#bases = bases
    this.#path = path
    this.#token = token
    this.#cursor = cursor
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#socket?.terminate()
    await this.#running
  }

  /** Cuts the connection, as a network would. */
  cut(): void {
    this.#socket?.terminate()
  }

  send(frame: object): void {
    this.#socket?.send(JSON.stringify(frame))
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#stopped; attempt++) {
      const { code, reason } = await this.#follow(this.#bases[attempt % this.#bases.length]!)
      const hintMs = code === 1012 && reason ? JSON.parse(reason).reconnect_after_ms : undefined
      await delay(hintMs ?? 10 + Math.random() * 40)
    }
  }

  /** Resolves when the connection has ended. */
  async #follow(base: string): Promise<{ code: number; reason: string }> {
    const url = `${base.replace('http', 'ws')}${this.#path}${this.#cursor === undefined ? '' : `?cursor=${this.#cursor}`}`
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${this.#token}` } })
    this.#socket = socket
    socket.on('open', () => {
      this.connections++
      if (this.#path.startsWith('/inbox/')) this.#resumed()
    })
    socket.on('error', (error) => this.errors.push(error.message))
    socket.on('message', (message) => this.#take(JSON.parse(String(message))))
    const [code, reason] = await new Promise<[number, Buffer]>((resolve) =>
      socket.once('close', (...how) => resolve(how)),
    )
    this.ended.push({ code, at: performance.now(), resumedAt: undefined })
    return { code, reason: reason.toString() }
  }

  #resumed(): void {
    if (this.ended.at(-1)?.resumedAt === undefined) for (const end of this.ended) end.resumedAt ??= performance.now()
  }

  #take(frame: T & { type?: string }): void {
    if (frame.type === 'hello') return
    this.#resumed()
    // An inbox has alerts, a stream events.
    if (frame.type !== undefined && frame.type !== 'event') return
    this.got.push(frame)
    this.gotAt.push(performance.now())
    this.#cursor = frame.position
  }
}

interface InboxFrame {
  id: number
  text: string
  position: number
}

/** Follows the inbox of an object. */
export class Follower extends SocketFollower<InboxFrame> {
  readonly objectId: number

  constructor(bases: string[], objectId: number, token: string) {
    super(bases, `/inbox/${objectId}`, token)
    this.objectId = objectId
  }
}

/** Every acknowledged alert that is for the follower's object is there exactly once, nothing else is, positions ascend. */
export function reconcile(writers: Writer[], follower: Follower): void {
  const positions = follower.got.map((alert) => alert.position)
  assert.ok(
    positions.every((position, i) => i === 0 || position > positions[i - 1]!),
    'positions must ascend',
  )
  for (const writer of writers) {
    const due = writer.acknowledged.filter(({ to }) => to === 'all' || to.includes(follower.objectId))
    const ids = new Set(writer.acknowledged.map(({ id }) => id))
    const got = follower.got.filter(({ id }) => ids.has(id))
    // One writer's alerts come in the order in which they were acknowledged.
    assert.deepEqual(
      got.map(({ text }) => text),
      due.map(({ text }) => text),
    )
  }
  const known = new Set(writers.flatMap((writer) => writer.acknowledged.map(({ id }) => id)))
  assert.deepEqual(
    follower.got.filter(({ id }) => !known.has(id)),
    [],
  )
}

/** Whether the follower has got something of each writer's last alert to all. */
export function isComplete(writers: Writer[], follower: Follower): boolean {
  const due = writers.flatMap((w) => w.acknowledged.filter(({ to }) => to === 'all' || to.includes(follower.objectId)))
  return follower.got.length >= due.length
}
