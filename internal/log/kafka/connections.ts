import net from 'node:net'
import tls from 'node:tls'
import type { ISocketFactoryArgs } from 'kafkajs'

/**
 * The connections of one user of Kafka. kafkajs loses sight of some when a broker goes, and waits for the answers of others for
 * half a minute when it hangs: whatever state they are in, here they end.
 */
export class Connections {
  readonly #open = new Set<net.Socket>()
  #closed = false

  /** For kafkajs, as its own does it, but without Nagle's delay. */
  readonly open = ({ host, port, ssl, onConnect }: ISocketFactoryArgs): net.Socket => {
    if (this.#closed) throw new Error('the client was closed')
    const target = { host, port, noDelay: true }
    const name = net.isIP(host) ? {} : { servername: host }
    const socket = ssl ? tls.connect({ ...target, ...name, ...ssl }, onConnect) : net.connect(target, onConnect)
    socket.setKeepAlive(true, 60_000)
    this.#open.add(socket)
    return socket.once('close', () => {
      this.#open.delete(socket)
      // kafkajs does this again at every turn of its retries, and each time Node would add a listener that is never called.
      socket.unref = () => socket
    })
  }

  close(): void {
    this.#closed = true
    // An error, for kafkajs does not hear of a socket that just closes.
    for (const socket of this.#open) socket.destroy(new Error('the client was closed'))
  }
}
