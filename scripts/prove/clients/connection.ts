import { setTimeout as delay } from 'node:timers/promises'
import { type ClientOptions, WebSocket } from 'ws'
import type { Random } from '../random.ts'
import { type FrameRecorder, noCursor } from '../record/frames.ts'

/** How a client comes and goes. */
export interface Habits {
  /** Milliseconds that it stays at most before it hangs up by itself. */
  stayMs: number
  /** Milliseconds that it is away then, at most. */
  awayMs: number
  /** Whether it stops reading at times. */
  dawdles: boolean
}

export interface ConnectionOptions {
  ports: readonly number[]
  /** Path of the endpoint, without a cursor. */
  path: string
  token: string
  habits: Habits
  random: Random
  recorder: FrameRecorder
  /** Milliseconds since the start. */
  now: () => number
  cursor: number | undefined
  // biome-ignore lint/suspicious/noExplicitAny: any frame that the server sends
  onFrame: (frame: any) => void
  /** Something that no outage explains. */
  onFinding: (finding: string) => void
}

// Longer than any of them takes when all is well; a paused process is given up before it goes on.
const silenceMs = 10_000
const explained = new Set([1000, 1005, 1006, 1012, 4008])

/**
 * A client that follows for as long as the run lasts, whatever happens to the server: comes back to any push process with the cursor
 * that it has. Deals with a frame before it moves its cursor, which is never ahead of what it has.
 */
export class Connection {
  cursor: number | undefined
  /** Since when it wants everything that there is, without a break of its own making. */
  wantedSince = 0
  isLive = false
  readonly #options: ConnectionOptions
  #socket: WebSocket | undefined
  #stays = false
  #stopped = false
  #running: Promise<void> | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.cursor = options.cursor
  }

  get path(): string {
    return this.#options.path
  }

  start(): void {
    this.wantedSince = this.#options.now()
    this.#running = this.#run()
  }

  send(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame))
  }

  /** Cuts the connection, as a network would. */
  cut(): void {
    this.#socket?.terminate()
  }

  /** From now on it does not hang up by itself. */
  settle(): void {
    this.#stays = true
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#socket?.terminate()
    await this.#running
  }

  async #run(): Promise<void> {
    const { habits, random, recorder, now } = this.#options
    while (!this.#stopped) {
      recorder.add('connect', this.cursor ?? noCursor)
      const { code, byItself } = await this.#visit()
      this.isLive = false
      recorder.add('closed', code)
      if (this.#stopped) return
      if (byItself) {
        await delay(random.between(0, habits.awayMs))
        this.wantedSince = now()
      } else await delay(random.between(20, 250))
    }
  }

  /** One connection, until it ends. */
  #visit(): Promise<{ code: number; byItself: boolean }> {
    const { ports, path, token, random, habits, recorder, onFinding } = this.#options
    const url = `ws://127.0.0.1:${random.pick(ports)}${path}${this.cursor === undefined ? '' : `?cursor=${this.cursor}`}`
    const options: ClientOptions = {
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: silenceMs,
      perMessageDeflate: false,
    }
    const socket = new WebSocket(url, options)
    this.#socket = socket
    let heard = Date.now()
    let byItself = false
    const leavesAt = Date.now() + random.between(0.05, 1) * habits.stayMs
    const timer = setInterval(() => {
      if (!this.#stays && Date.now() > leavesAt) {
        byItself = true
        socket.terminate()
      } else if (Date.now() - heard > silenceMs) socket.terminate()
      else if (Date.now() - heard > silenceMs / 3) this.send({ type: 'ping' })
    }, 500)
    if (habits.dawdles && random.chance(0.3)) this.#dawdle(socket, () => (heard = Date.now()))
    return new Promise((resolve) => {
      socket.on('open', () => recorder.add('opened'))
      socket.on('message', (message) => {
        heard = Date.now()
        this.#take(JSON.parse(String(message)))
      })
      socket.on('error', () => undefined)
      socket.on('unexpected-response', (request, response) => {
        if (response.statusCode !== 503) onFinding(`GET ${path}: refused with ${response.statusCode}`)
        request.destroy()
        socket.terminate()
      })
      socket.on('close', (code, reason) => {
        clearInterval(timer)
        if (!explained.has(code)) onFinding(`${path}: closed with ${code} ${reason}`)
        resolve({ code, byItself })
      })
    })
  }

  /** Does not read for a while, so that it falls behind and may be closed as too slow. */
  #dawdle(socket: WebSocket, onEnd: () => void): void {
    setTimeout(() => {
      if (socket.readyState !== WebSocket.OPEN) return
      socket.pause()
      setTimeout(
        () => {
          onEnd()
          this.wantedSince = this.#options.now()
          socket.resume()
        },
        this.#options.random.between(500, 6000),
      )
    }, 1000)
  }

  // biome-ignore lint/suspicious/noExplicitAny: any frame that the server sends
  #take(frame: any): void {
    const { recorder, onFrame, onFinding, path } = this.#options
    if (frame.type === 'hello') {
      recorder.add('hello', frame.position)
      if (this.cursor === undefined) this.cursor = frame.position
      else if (!frame.resumed) onFinding(`${path}: the cursor ${this.cursor} was not honoured`)
      return
    }
    if (frame.type === 'reset') {
      recorder.add('reset', frame.position)
      onFinding(`${path}: reset, ${frame.reason}`)
    }
    if (frame.type === 'live') {
      recorder.add('live', frame.position)
      this.isLive = true
    }
    onFrame(frame)
    if (frame.position !== undefined) this.cursor = frame.position
  }
}
