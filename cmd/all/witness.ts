import assert from 'node:assert/strict'
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
}

/** A JSON request that is answered, or fails as the connection does. */
export async function call(
  base: string,
  method: string,
  path: string,
  options: { token?: string; key?: string; body?: unknown } = {},
) {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (options.token) headers.authorization = `Bearer ${options.token}`
  if (options.key) headers['idempotency-key'] = options.key
  const body = options.body === undefined ? null : JSON.stringify(options.body)
  const response = await fetch(base + path, { method, headers, body, signal: AbortSignal.timeout(10_000) })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text }
}

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

  constructor(name: string, bases: string[], token: string) {
    this.#name = name
    this.#bases = bases
    this.#token = token
  }

  /** Writes until `more` says no. Throws on an answer that no failure explains. */
  async run(targets: number[], more: () => boolean): Promise<void> {
    for (let n = 0; more(); n++) {
      const to = n % 5 === 0 ? ('all' as const) : [targets[n % targets.length]!]
      const text = `${this.#name} ${n}`
      const body = to === 'all' ? { text, alert_all: true } : { text, object_ids: to }
      for (let attempt = 0; ; attempt++) {
        const base = this.#bases[(n + attempt) % this.#bases.length]!
        const options = { token: this.#token, key: `${this.#name}-${n}`, body }
        const answer = await call(base, 'POST', '/api/v1/alerts', options).catch(() => undefined)
        const status = answer?.status ?? 'none'
        this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
        if (answer && answer.status === 201) {
          this.acknowledged.push({ id: answer.body.id, text, to })
          break
        }
        if (answer && answer.status !== 503 && answer.status !== 409)
          throw new Error(`${text}: ${answer.status} ${JSON.stringify(answer.body)}`)
        await delay(20)
      }
    }
  }
}

/** Follows one inbox for as long as the test runs, whatever happens to the server: reconnects with the cursor that it has. */
export class Follower {
  readonly objectId: number
  readonly got: { id: number; text: string; position: number }[] = []
  connections = 0
  readonly #bases: string[]
  readonly #token: string
  #stopped = false
  #socket: WebSocket | undefined
  readonly #running: Promise<void>

  constructor(bases: string[], objectId: number, token: string) {
    this.#bases = bases
    this.objectId = objectId
    this.#token = token
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

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#stopped; attempt++) {
      const cursor = this.got.at(-1)?.position
      const base = this.#bases[attempt % this.#bases.length]!.replace('http', 'ws')
      const url = `${base}/inbox/${this.objectId}${cursor === undefined ? '' : `?cursor=${cursor}`}`
      const socket = new WebSocket(url, { headers: { authorization: `Bearer ${this.#token}` } })
      this.#socket = socket
      socket.on('open', () => this.connections++)
      socket.on('error', () => undefined)
      socket.on('message', (message) => {
        const frame = JSON.parse(String(message))
        if (frame.type === undefined) this.got.push(frame)
      })
      await new Promise((resolve) => socket.once('close', resolve))
      await delay(10 + Math.random() * 40)
    }
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
