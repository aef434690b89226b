import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'

/** Stands between a client and a server, on a port of 127.0.0.1: for tests of a network that fails. */
export interface TcpProxy {
  port: number
  /** Resets every connection and refuses new ones. */
  away(): void
  /** Takes connections again, on the same port. */
  back(): Promise<void>
  /** Connections stay open and new ones are taken; nothing gets through. */
  freeze(): void
  thaw(): void
}

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<readonly [net.Socket, net.Socket]>()
  let frozen = false
  let port = 0
  const server = net.createServer({ noDelay: true }, (client) => {
    const remote = net.connect({ ...target, noDelay: true })
    const pair = [client, remote] as const
    pairs.add(pair)
    client.on('data', (data) => remote.write(data))
    remote.on('data', (data) => client.write(data))
    const end = () => {
      pairs.delete(pair)
      for (const socket of pair) socket.destroy()
    }
    for (const socket of pair) {
      socket.on('error', () => undefined)
      socket.on('close', end)
      if (frozen) socket.pause()
    }
  })
  const listen = async () => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }
  await listen()
  return {
    port,
    away() {
      server.close()
      for (const [client, remote] of pairs) {
        client.resetAndDestroy()
        remote.destroy()
      }
    },
    back: listen,
    freeze() {
      frozen = true
      for (const socket of [...pairs].flat()) socket.pause()
    },
    thaw() {
      frozen = false
      for (const socket of [...pairs].flat()) socket.resume()
    },
  }
}
