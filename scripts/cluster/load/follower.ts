import { WebSocket } from 'ws'

const retryMs = 200

/** Follows a topic by cursor through every end of a connection, and notes what it should not see. */
export class Follower {
  count = 0
  repeated = 0
  outOfOrder = 0
  /** Close codes. */
  readonly closes: number[] = []
  longestAwayMs = 0
  readonly #url: string
  readonly #token: string
  readonly #scope: string
  /** The numbers that came, by writer. */
  readonly #seen = new Map<number, Set<number>>()
  #cursor: number | undefined
  #lostAt: number | undefined
  #socket: WebSocket | undefined
  #stopped = false

  constructor(url: string, token: string, topic: number) {
    this.#url = `${url.replace(/^http/, 'ws')}/api/v1/stream`
    this.#token = token
    this.#scope = `conversation:${topic}`
  }

  /** Resolves when it is live. */
  start(): Promise<void> {
    return new Promise((resolve) => this.#connect(resolve))
  }

  stop(): void {
    this.#stopped = true
    this.#socket?.terminate()
  }

  missing(posted: readonly number[]): number {
    return posted.reduce((sum, numbers, writer) => sum + numbers - (this.#seen.get(writer)?.size ?? 0), 0)
  }

  #connect(onLive: () => void): void {
    const url = this.#cursor === undefined ? this.#url : `${this.#url}?cursor=${this.#cursor}`
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${this.#token}` }, handshakeTimeout: 5000 })
    this.#socket = socket
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data))
      if (frame.type === 'live') {
        if (this.#lostAt !== undefined)
          this.longestAwayMs = Math.max(this.longestAwayMs, performance.now() - this.#lostAt)
        this.#lostAt = undefined
        onLive()
      }
      if (frame.type === 'event') this.#take(frame)
      if (frame.type !== 'hello' && frame.position !== undefined) this.#cursor = frame.position
    })
    socket.on('error', () => undefined)
    socket.on('close', (code, reason) => {
      if (this.#stopped) return
      if (this.#lostAt === undefined) this.closes.push(code)
      this.#lostAt ??= performance.now()
      setTimeout(() => this.#connect(onLive), hintMs(code, String(reason)) ?? retryMs)
    })
  }

  #take({ position, scope, event, data }: { position: number; scope: string; event: string; data: { body: string } }) {
    if (this.#cursor !== undefined && position <= this.#cursor) this.outOfOrder++
    if (scope !== this.#scope || event !== 'message.posted') return
    const [writer, n] = data.body.split(' ').map(Number) as [number, number]
    const seen = this.#seen.get(writer) ?? new Set()
    this.#seen.set(writer, seen)
    if (seen.has(n)) this.repeated++
    else if (n > 0 && !seen.has(n - 1)) this.outOfOrder++
    seen.add(n)
    this.count = [...this.#seen.values()].reduce((sum, { size }) => sum + size, 0)
  }
}

/** When to come back, as a push process that stops asks. */
function hintMs(code: number, reason: string): number | undefined {
  if (code !== 1012) return undefined
  try {
    return Number(JSON.parse(reason).reconnect_after_ms) || undefined
  } catch {
    return undefined
  }
}
