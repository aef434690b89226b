import { once } from 'node:events'
import { createServer, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { KubeConfig } from '@kubernetes/client-node'

/** A way to the API server on which requests are counted. */
export interface CountingProxy {
  url: string
  /** By verb and resource, e.g. `patch alertschedules/status`, since the last call. */
  take(): Record<string, number>
  stop(): void
}

export async function startCountingProxy(cluster: KubeConfig): Promise<CountingProxy> {
  const target = new URL(cluster.getCurrentCluster()!.server)
  const tls: { ca?: string | Buffer } = {}
  await cluster.applyToHTTPSOptions(tls)
  const { ca } = tls
  let counts: Record<string, number> = {}
  const server = createServer((incoming, answer) => {
    const verb = verbOf(incoming.method!, incoming.url!)
    counts[verb] = (counts[verb] ?? 0) + 1
    const { method, url, headers } = incoming
    const options = { host: target.hostname, port: target.port, method, path: url, headers, ...(ca && { ca }) }
    const outgoing = (target.protocol === 'https:' ? tlsRequest : plainRequest)(options, (received) => {
      answer.writeHead(received.statusCode!, received.headers)
      answer.flushHeaders()
      received.pipe(answer)
      received.on('error', () => answer.destroy())
    })
    outgoing.on('error', () => answer.destroy())
    answer.on('close', () => outgoing.destroy())
    incoming.pipe(outgoing)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = counts
      counts = {}
      return taken
    },
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** /apis/<group>/<version>/namespaces/<namespace>/<resource>[/<name>[/<subresource>]] */
function verbOf(method: string, url: string): string {
  const { pathname, searchParams } = new URL(url, 'http://x')
  const [resource, name, sub] = pathname.split('/').slice(6)
  const verb = searchParams.has('watch') ? 'watch' : method === 'GET' && !name ? 'list' : method.toLowerCase()
  return `${verb} ${[resource, sub].filter(Boolean).join('/')}`
}
