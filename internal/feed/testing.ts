import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FetchError, type Known } from './provider.ts'

export interface FakeAnswer {
  status?: number
  headers?: Record<string, string>
  body?: string | Buffer
}

/** Answers as a provider would; undefined for a handler that writes the response itself. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => FakeAnswer | undefined

export interface FakeServer {
  url: string
  port: number
  /** What was asked, oldest first. */
  requests: { path: string; headers: IncomingMessage['headers'] }[]
  /** By path without query; anything else is 404. */
  on(path: string, answer: FakeAnswer | Handler): void
  stop(): Promise<void>
}

/** An HTTP server on a loopback port of its own. */
export async function startFakeServer(host = '127.0.0.1'): Promise<FakeServer> {
  const answers = new Map<string, FakeAnswer | Handler>()
  const requests: FakeServer['requests'] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    requests.push({ path, headers: request.headers })
    const found = answers.get(path.split('?')[0] as string) ?? { status: 404 }
    const answer = typeof found === 'function' ? found(request, response) : found
    if (answer) response.writeHead(answer.status ?? 200, answer.headers).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host}:${port}`,
    port,
    requests,
    on: (path, answer) => void answers.set(path, answer),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A clock that stands still. */
export const clock = { now: () => new Date('2026-06-01T00:00:00Z') }

/** A profile that was not fetched before. */
export const known = (address: string, more: Partial<Known> = {}): Known => ({
  address,
  remote_id: null,
  etag: null,
  last_modified: null,
  ...more,
})

/** The FetchError that a fetch fails with. */
export const failure = (fetch: Promise<unknown>): Promise<FetchError> =>
  fetch.then(
    () => assert.fail('no error'),
    (error) => {
      assert.ok(error instanceof FetchError, `${error}`)
      return error
    },
  )
