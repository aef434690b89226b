import { clockMs } from '../clock.ts'
import { serve } from '../remote.ts'
import { HttpConnection } from './http-connection.ts'
import { expectedStatus, nextRequest, type Requests } from './requests.ts'

// A program that sends HTTP requests, as fast as they are answered or at a constant rate.

export interface LoadOptions {
  port: number
  requests: Requests
  clients: number
  seconds: number
}

export interface LoadResult {
  /** Answered with the status that they should have. */
  done: number
  seconds: number
  /** Milliseconds from when it should have been sent to its answer. */
  latencies: number[]
}

async function send(
  connection: HttpConnection,
  client: number,
  { requests }: LoadOptions,
  due: number,
  result: LoadResult,
) {
  const status = await connection.request(nextRequest(requests, client, due))
  if (status !== expectedStatus(requests)) throw new Error(`${requests.kind} was answered with ${status}`)
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
        connections.map(async (connection, client) => {
          while (clockMs() < end) await send(connection, client, options, clockMs(), result)
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
        connections.map(async (connection, client) => {
          for (let i = next++; i < count; i = next++) {
            const due = start + (i / options.rate) * 1000
            // Timers are a millisecond coarse, which is part of the delay that is measured.
            const early = due - clockMs()
            if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
            await send(connection, client, options, due, result)
          }
        }),
      )
      return result
    }),
}

export type HttpLoad = typeof handlers
serve(handlers)
