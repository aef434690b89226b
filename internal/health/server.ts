import { createServer, type Server } from 'node:http'
import type { Registry } from 'prom-client'
import type { Logger } from '#internal/telemetry/log'

export interface Readiness {
  /** Adds a condition; the process is ready when all hold. Name it as the thing that is needed. */
  add(name: string, holds: () => boolean | Promise<boolean>): void
  /** What the process offers is there. It is not ready before, whatever holds. */
  started(): void
  /** From now on never ready again: the process is stopping. */
  fail(): void
  /** Names of the conditions that do not hold. */
  failing(): Promise<string[]>
}

export function createReadiness(): Readiness {
  const conditions = new Map<string, () => boolean | Promise<boolean>>()
  let state: 'starting' | 'started' | 'stopping' = 'starting'
  return {
    add: (name, holds) => conditions.set(name, holds),
    started: () => {
      if (state === 'starting') state = 'started'
    },
    fail: () => {
      state = 'stopping'
    },
    async failing() {
      if (state !== 'started') return [state]
      const results = await Promise.all(
        [...conditions].map(async ([name, holds]) =>
          (await Promise.resolve(holds()).catch(() => false)) ? [] : [name],
        ),
      )
      return results.flat()
    },
  }
}

export interface InternalServerOptions {
  host: string
  port: number
  registry: Registry
  readiness: Readiness
  log: Logger
}

/**
 * /healthz says that this process runs and asks nobody else; /readyz says whether it should get traffic; /metrics is Prometheus text.
 * @throws the listen error, e.g. EADDRINUSE.
 */
export async function startInternalServer(
  options: InternalServerOptions,
): Promise<{ port: number; close: () => Promise<void> }> {
  const { registry, readiness, log } = options
  const server = createServer(async (request, response) => {
    try {
      const path = request.url?.split('?')[0]
      if (path === '/healthz') return void response.end('ok\n')
      if (path === '/readyz') {
        const failing = await readiness.failing()
        response.statusCode = failing.length === 0 ? 200 : 503
        return void response.end(failing.length === 0 ? 'ready\n' : `not ready: ${failing.join(', ')}\n`)
      }
      if (path === '/metrics') {
        const body = await registry.metrics()
        response.setHeader('content-type', registry.contentType)
        return void response.end(body)
      }
      response.statusCode = 404
      response.end('not found\n')
    } catch (error) {
      log.error({ error }, 'internal endpoint failed')
      response.statusCode = 500
      response.end()
    }
  })
  await listen(server, options.port, options.host)
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    close: () => closeServer(server),
  }
}

export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Stops listening, lets running requests finish, ends idle connections at once. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}
