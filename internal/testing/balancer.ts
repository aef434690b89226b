import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { sleep } from '#internal/runtime/backoff'

export interface Backend {
  port: number
  isReady: () => Promise<boolean>
}

export interface Balancer {
  /** Where clients connect to. */
  port: number
  /** Adds one that is ready. */
  add(backend: Backend): void
  /** Cuts every connection. */
  close(): void
}

/** How late it notices that a backend is not ready any more, and a little. */
const lookMs = 250

/**
 * What a Service of Kubernetes is to its clients: a connection goes to one of the backends that were ready at the last look, in turn,
 * and stays there whatever becomes of that. It knows nothing of HTTP and tries nothing twice: what fails, fails for the client.
 */
export async function startBalancer(): Promise<Balancer> {
  const backends = new Map<Backend, boolean>()
  const clients = new Set<Socket>()
  const stopping = new AbortController()
  let turn = 0

  async function look(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(lookMs, stopping.signal)
      for (const backend of backends.keys()) backends.set(backend, await backend.isReady())
    }
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    clients.add(client)
    client.once('close', () => clients.delete(client))
    const ready = [...backends].flatMap(([backend, isReady]) => (isReady ? [backend] : []))
    const chosen = ready[turn++ % ready.length]
    if (!chosen) return void client.resetAndDestroy()
    join(client, connect({ port: chosen.port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  void look()

  return {
    port: (server.address() as AddressInfo).port,
    add: (backend) => void backends.set(backend, true),
    close() {
      stopping.abort()
      server.close()
      for (const client of clients) client.resetAndDestroy()
    },
  }
}

/** Bytes, ends and resets go through, both ways. */
function join(one: Socket, other: Socket): void {
  const pairs: [Socket, Socket][] = [
    [one, other],
    [other, one],
  ]
  for (const [from, to] of pairs) {
    from.pipe(to)
    from.on('error', () => to.resetAndDestroy())
  }
}
