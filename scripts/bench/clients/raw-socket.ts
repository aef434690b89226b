import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { clientFrame, FrameReader } from './frames.ts'

export interface RawSocketOptions {
  port: number
  /** Address of 127.0.0.0/8 to come from: each has its own local ports. */
  source: string
  path: string
  /** Header lines, each ending in CRLF. */
  headers: string
  onOpen: () => void
  /** A text frame, as a range of a buffer that is overwritten afterwards. */
  onText: (buffer: Buffer, start: number, end: number) => void
  /** Refused, cut or closed; told once. */
  onEnd: (why: string) => void
}

// One for all sockets of the process: what is read is dealt with before the next read.
const shared = Buffer.allocUnsafeSlow(256 * 1024)
const headEnd = Buffer.from('\r\n\r\n')
const key = randomBytes(16).toString('base64')

/** A WebSocket client with as little as possible around the system's socket, so that the server is what is measured. */
export class RawSocket {
  readonly #options: RawSocketOptions
  readonly #socket: Socket
  readonly #frames: FrameReader
  #head: Buffer | undefined = Buffer.alloc(0)
  #ended = false

  constructor(options: RawSocketOptions) {
    this.#options = options
    this.#frames = new FrameReader((opcode, buffer, start, end) => this.#onFrame(opcode, buffer, start, end))
    this.#socket = connect({
      host: '127.0.0.1',
      port: options.port,
      localAddress: options.source,
      onread: {
        buffer: shared,
        callback: (bytes) => {
          this.#onBytes(bytes)
          return true
        },
      },
    })
    const { path, headers } = options
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${headers}\r\n`,
    )
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#end(error.code ?? error.message))
    this.#socket.on('close', () => this.#end('closed'))
    this.#socket.on('end', () => this.#end('ended'))
  }

  /** At most 125 bytes. */
  sendText(text: string): void {
    this.#socket.write(clientFrame(0x1, Buffer.from(text)))
  }

  #onBytes(bytes: number): void {
    if (this.#ended) return
    if (this.#head === undefined) this.#frames.feed(shared, 0, bytes)
    else this.#onHead(this.#head, bytes)
  }

  #onHead(before: Buffer, bytes: number): void {
    this.#head = Buffer.concat([before, shared.subarray(0, bytes)])
    const end = this.#head.indexOf(headEnd)
    if (end < 0) return
    const status = this.#head.toString('latin1', 9, 12)
    if (status !== '101') {
      this.#end(`refused with ${status}`)
      return
    }
    const rest = this.#head
    this.#head = undefined
    this.#options.onOpen()
    this.#frames.feed(rest, end + headEnd.length, rest.length)
  }

  #onFrame(opcode: number, buffer: Buffer, start: number, end: number): void {
    if (opcode === 0x1) this.#options.onText(buffer, start, end)
    else if (opcode === 0x9) this.#socket.write(clientFrame(0xa, buffer.subarray(start, end)))
    else if (opcode === 0x8) this.#end(`close ${end - start >= 2 ? buffer.readUInt16BE(start) : 1005}`)
  }

  #end(why: string): void {
    if (this.#ended) return
    this.#ended = true
    this.#socket.destroy()
    this.#options.onEnd(why)
  }
}
