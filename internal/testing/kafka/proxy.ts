import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'

/** Stands between clients and one broker, on a port of its own: for tests of a network that fails. */
export interface KafkaProxy {
  /** `host:port` for clients. */
  broker: string
  /** Resets every connection and refuses new ones. */
  away(): Promise<void>
  /** Takes connections again, on the same port. */
  back(): Promise<void>
  /** Connections stay open and new ones are taken; nothing gets through. */
  freeze(): void
  thaw(): void
  /** What the broker answers on the connections that are open now is lost. */
  mute(): void
  /** Resets the connections that are open now. */
  reset(): void
  stop(): Promise<void>
}

interface Pair {
  client: net.Socket
  broker: net.Socket
  muted: boolean
}

/** @param target `host:port`, as the broker itself calls it. */
export async function startKafkaProxy(target: string): Promise<KafkaProxy> {
  const [host, port] = target.split(':') as [string, string]
  const pairs = new Set<Pair>()
  let frozen = false
  let own = 0

  const server = net.createServer({ noDelay: true }, (client) => {
    const broker = net.connect({ host, port: Number(port), noDelay: true })
    const pair: Pair = { client, broker, muted: false }
    pairs.add(pair)
    const answers = new Frames(Address.of(host, Number(port)), () => Address.of('127.0.0.1', own))
    client.on('data', (data) => broker.write(data))
    broker.on('data', (data) => {
      if (!pair.muted) for (const frame of answers.of(data)) client.write(frame)
    })
    for (const socket of [client, broker]) {
      if (frozen) socket.pause()
      socket.on('error', () => undefined)
      socket.on('close', () => end(pair))
    }
  })
  const listen = async () => {
    server.listen(own, '127.0.0.1')
    await once(server, 'listening')
    own = (server.address() as AddressInfo).port
  }
  function end(pair: Pair): void {
    pairs.delete(pair)
    pair.client.resetAndDestroy()
    pair.broker.destroy()
  }
  async function away(): Promise<void> {
    if (server.listening) server.close()
    reset()
  }
  function reset(): void {
    for (const pair of pairs) end(pair)
  }
  function setFrozen(value: boolean): void {
    frozen = value
    for (const { client, broker } of pairs)
      for (const socket of [client, broker]) frozen ? socket.pause() : socket.resume()
  }

  await listen()
  return {
    broker: `127.0.0.1:${own}`,
    away,
    back: listen,
    freeze: () => setFrozen(true),
    thaw: () => setFrozen(false),
    mute() {
      for (const pair of pairs) pair.muted = true
    },
    reset,
    stop: away,
  }
}

/** How Kafka's answers write where a broker is: length of the name, name, port. */
const Address = {
  of(host: string, port: number): Buffer {
    const bytes = Buffer.alloc(2 + host.length + 4)
    bytes.writeInt16BE(host.length)
    bytes.write(host, 2)
    bytes.writeInt32BE(port, 2 + host.length)
    return bytes
  },
}

/** Cuts a stream into answers and puts one address in the place of another. */
class Frames {
  #rest = Buffer.alloc(0)
  readonly #from: Buffer
  readonly #to: () => Buffer

  constructor(from: Buffer, to: () => Buffer) {
    this.#from = from
    this.#to = to
  }

  *of(data: Buffer): Iterable<Buffer> {
    this.#rest = Buffer.concat([this.#rest, data])
    while (this.#rest.length >= 4 && this.#rest.length >= 4 + this.#rest.readInt32BE()) {
      const end = 4 + this.#rest.readInt32BE()
      yield this.#changed(this.#rest.subarray(4, end))
      this.#rest = this.#rest.subarray(end)
    }
  }

  #changed(body: Buffer): Buffer {
    const parts: Buffer[] = []
    let from = 0
    for (let at = body.indexOf(this.#from); at >= 0; at = body.indexOf(this.#from, from)) {
      parts.push(body.subarray(from, at), this.#to())
      from = at + this.#from.length
    }
    const changed = Buffer.concat([...parts, body.subarray(from)])
    const length = Buffer.alloc(4)
    length.writeInt32BE(changed.length)
    return Buffer.concat([length, changed])
  }
}
