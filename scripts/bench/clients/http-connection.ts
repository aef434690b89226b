import { connect, type Socket } from 'node:net'

const headEnd = Buffer.from('\r\n\r\n')
const shared = Buffer.allocUnsafeSlow(64 * 1024)

/** A keep-alive HTTP connection for one request at a time, as cheap as can be. Answers must have a Content-Length. */
export class HttpConnection {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #pending: { resolve: (status: number) => void; reject: (error: Error) => void } | undefined

  constructor(port: number) {
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (bytes) => {
          this.#onBytes(Buffer.from(shared.subarray(0, bytes)))
          return true
        },
      },
    })
    const fail = (error?: Error) => this.#pending?.reject(error ?? new Error('the server closed the connection'))
    this.#socket.on('error', fail)
    this.#socket.on('close', () => fail())
  }

  /** Resolves with the status when the whole answer is there. */
  request(text: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject }
      this.#socket.write(text)
    })
  }

  close(): void {
    this.#pending = undefined
    this.#socket.destroy()
  }

  #onBytes(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes])
    const end = this.#received.indexOf(headEnd)
    if (end < 0) return
    const head = this.#received.toString('latin1', 0, end)
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
    if (this.#received.length < end + headEnd.length + length) return
    this.#received = Buffer.alloc(0)
    const { resolve } = this.#pending!
    this.#pending = undefined
    resolve(Number(head.slice(9, 12)))
  }
}

/** The text of a request. */
export function requestText(method: string, path: string, token: string, body?: string): string {
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n`
  if (body === undefined) return `${head}\r\n`
  return `${head}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
