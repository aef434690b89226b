import { setTimeout as delay } from 'node:timers/promises'
import { accepts } from '../processes.ts'
import { RawSocket } from './raw-socket.ts'

export type Protocol = 'inbox' | 'stream' | 'plain' | 'socket.io'

export interface MemberOptions {
  port: number
  protocol: Protocol
  source: string
  path: string
  headers: string
  objectId: number
  cursor: number
  resume: boolean
  onEvent: (member: Member, buffer: Buffer, start: number, end: number) => void
}

/** One client of a swarm: a socket, and the next one when that is cut. */
export class Member {
  /** Connections of all members that are being made at once, at most: one machine plays thousands of clients. */
  static limit = 100
  static readonly #queue: (() => void)[] = []
  static #connecting = 0
  /** Why sockets ended, by number. */
  static readonly ends: Record<string, number> = {}
  static #listening: Promise<void> | undefined

  readonly objectId: number
  last: number
  isOpen = false
  readonly #options: MemberOptions
  #first = 0
  #count = 0
  #retries = 0
  #isDense = true
  #positions: number[] = []

  constructor(options: MemberOptions) {
    this.#options = options
    this.objectId = options.objectId
    this.last = options.cursor
  }

  take(position: number): void {
    if (this.#count++ === 0) this.#first = position
    else if (position !== this.last + 1) this.#isDense = false
    this.last = position
    if (this.#options.resume) this.#positions.push(position)
  }

  forget(): void {
    this.#count = 0
    this.#isDense = true
  }

  hasDense(first: number, last: number): boolean {
    return this.#isDense && this.#first === first && this.last === last && this.#count === last - first + 1
  }

  describe(): string {
    return `${this.#count} messages from ${this.#first} to ${this.last}${this.#isDense ? '' : ', with a gap'}`
  }

  compare(expected: number[]): { lost: number; repeated: number; disordered: number } {
    const got = new Set(this.#positions)
    return {
      lost: expected.filter((position) => !got.has(position)).length,
      repeated: this.#positions.length - got.size,
      disordered: this.#positions.filter((position, i) => i > 0 && position <= this.#positions[i - 1]!).length,
    }
  }

  /** Resolves when it is open; rejects when it is refused, unless it resumes. */
  async open(): Promise<void> {
    if (Member.#connecting >= Member.limit) await new Promise<void>((resolve) => Member.#queue.push(resolve))
    Member.#connecting++
    try {
      await this.#connect()
    } finally {
      Member.#connecting--
      Member.#queue.shift()?.()
    }
  }

  #connect(): Promise<void> {
    const { protocol, resume, onEvent, path, ...rest } = this.#options
    return new Promise((resolve, reject) => {
      const opened = () => {
        this.isOpen = true
        resolve()
      }
      const socket = new RawSocket({
        ...rest,
        path: protocol === 'inbox' ? `${path}?cursor=${this.last}` : path,
        onOpen: () => protocol !== 'stream' && protocol !== 'socket.io' && opened(),
        onText: (buffer, start, end) => {
          if (
            !this.isOpen &&
            protocol === 'stream' &&
            buffer.toString('latin1', start, start + 14) === '{"type":"live"'
          )
            return opened()
          if (protocol === 'socket.io' && this.#answerSocketIo(socket, buffer, start, end)) return opened()
          onEvent(this, buffer, start, end)
        },
        onEnd: (why) => {
          this.isOpen = false
          Member.ends[why] = (Member.ends[why] ?? 0) + 1
          // uWebSockets.js cuts one connection in some ten thousand right after its upgrade; a client comes back.
          if (!resume && this.#count === 0 && this.#retries++ < 3) return void this.#connect().then(resolve, reject)
          if (resume) this.#comeBack()
          else reject(new Error(`a socket ended: ${why}`))
          resolve()
        },
      })
    })
  }

  /** Keeps the session alive as its client would. True when the server has let us in. */
  #answerSocketIo(socket: RawSocket, buffer: Buffer, start: number, end: number): boolean {
    const [kind, second] = [buffer[start], buffer[start + 1]]
    if (kind === 0x30) socket.sendText('40')
    else if (kind === 0x32 && end - start === 1) socket.sendText('3')
    return kind === 0x34 && second === 0x30
  }

  /**
   * At once when the server listens. While it does not, one look every 10 ms is for all of the program: thousands of clients that
   * try on their own would take the cores that the server needs to start.
   */
  #comeBack(): void {
    Member.#listening ??= listens(this.#options.port).finally(() => (Member.#listening = undefined))
    void Member.#listening.then(() => this.open())
  }
}

async function listens(port: number): Promise<void> {
  while (!(await accepts(port))) await delay(10)
}
