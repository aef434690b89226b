import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** The code of the listen error, e.g. EADDRINUSE, or undefined when the port is free. */
export function portProblem(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

// Whoever was given one may not listen on it yet.
const given = new Set<number>()

/**
 * A free port of 127.0.0.1 to keep, another one each time. Below the range that systems take for outgoing connections, so that it tends to be
 * free again after a restart.
 */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(20_000, 30_000)
    if (given.has(port)) continue
    given.add(port)
    if ((await portProblem(port, '127.0.0.1')) === undefined) return port
  }
  throw new Error('no free port between 20000 and 30000 on 127.0.0.1')
}
