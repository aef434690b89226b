import { clockMs } from '../clock.ts'
import { serve } from '../remote.ts'
import { dispatcherToken } from '../seed.ts'
import { HttpConnection, requestText } from './http-connection.ts'

// A program that sends HTTP requests, as fast as they are answered or at a constant rate.

/** `listed`: an alert to one object of 1 to `objects`, another one each time. */
export type Kind = 'ping' | 'me' | 'refused' | 'listed' | 'to-all'

export interface LoadOptions {
  port: number
  kind: Kind
  objects: number
  clients: number
  seconds: number
}

export interface LoadResult {
  /** Answered with the status that the kind should have. */
  done: number
  seconds: number
  /** Milliseconds from when it should have been sent to its answer. */
  latencies: number[]
}

const expected: Record<Kind, number> = { ping: 200, me: 200, refused: 422, listed: 201, 'to-all': 201 }
let serial = 0

/** `due`: when it should leave, in ms of the machine's clock; receivers compute the delay from it. */
function requestOf(kind: Kind, objects: number, due: number): string {
  if (kind === 'ping') return requestText('GET', '/ping', dispatcherToken)
  if (kind === 'me') return requestText('GET', '/api/v1/me', dispatcherToken)
  const text = `t=${due.toFixed(3)} ${'x'.repeat(60)}`
  const body =
    kind === 'to-all'
      ? { text, alert_all: true }
      : { text: kind === 'refused' ? '' : text, object_ids: [1 + (serial++ % objects)] }
  return requestText('POST', '/api/v1/alerts', dispatcherToken, JSON.stringify(body))
}

async function send(connection: HttpConnection, { kind, objects }: LoadOptions, due: number, result: LoadResult) {
  const status = await connection.request(requestOf(kind, objects, due))
  if (status !== expected[kind]) throw new Error(`${kind} was answered with ${status}`)
  result.done++
  result.latencies.push(clockMs() - due)
}

async function withConnections<T>(
  { clients, port }: LoadOptions,
  work: (connections: HttpConnection[]) => Promise<T>,
): Promise<T> {
  const connections = Array.from({ length: clients }, () => new HttpConnection(port))
  return work(connections).finally(() => connections.forEach((connection) => void connection.close()))
}

const handlers = {
  /** Each client sends the next request when the last one is answered. */
  closedLoop: (options: LoadOptions): Promise<LoadResult> =>
    withConnections(options, async (connections) => {
      const result: LoadResult = { done: 0, seconds: 0, latencies: [] }
      const start = clockMs()
      const end = start + options.seconds * 1000
      await Promise.all(
        connections.map(async (connection) => {
          while (clockMs() < end) await send(connection, options, clockMs(), result)
        }),
      )
      return { ...result, seconds: (clockMs() - start) / 1000 }
    }),
  /** Requests are due at a constant rate, whether the ones before are answered or not; waiting for a client counts as delay. */
  openLoop: (options: LoadOptions & { rate: number }): Promise<LoadResult> =>
    withConnections(options, async (connections) => {
      const result: LoadResult = { done: 0, seconds: options.seconds, latencies: [] }
      const start = clockMs()
      const count = Math.floor(options.rate * options.seconds)
      let next = 0
      await Promise.all(
        connections.map(async (connection) => {
          for (let i = next++; i < count; i = next++) {
            const due = start + (i / options.rate) * 1000
            // Timers are a millisecond coarse, which is part of the delay that is measured.
            const early = due - clockMs()
            if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
            await send(connection, options, due, result)
          }
        }),
      )
      return result
    }),
}

export type HttpLoad = typeof handlers
serve(handlers)
