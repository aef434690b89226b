import { delayMs, hintMs } from './delay.ts'
import { answerMs, beat, doubtMs, isDueWithin, type Pulse } from './heartbeat.ts'
import { isHidden, isOffline, watchPage } from './page.ts'
import { findRefusal } from './refusal.ts'
import { report } from './report.ts'
import { Socket } from './socket.ts'
import type { Frame, StreamState } from './types.ts'

export interface ConnectionOptions {
  /** The WebSocket endpoint with the cursor, as it is at this moment. */
  address(): string
  token: string
  /** What the token may read by HTTP when it may open the WebSocket: asked when that was refused. */
  refusalUrl: string
  opened(): void
  /** A frame with a type that is no `pong`, or without one. `socket` is the number of the socket that it came over. */
  received(frame: Frame, socket: number): void
  /** A ping over this socket was answered. */
  answered?(socket: number): void
  onState: ((state: StreamState) => void) | undefined
}

const dialMs = 15_000

const finalCodes: Record<number, NonNullable<StreamState['reason']>> = {
  4001: 'session',
  4003: 'forbidden',
  4400: 'client',
  1009: 'client',
}

/**
 * Holds one WebSocket at a time: dials until it is let in, notices when it is dead, and dials again, until it is closed or the server
 * says that there is no point. Begins with `release`. There is one timer, which belongs to the phase.
 */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #unwatchPage: () => void
  #state: StreamState = { phase: 'connecting', offline: isOffline(), since: Date.now() }
  #socket: Socket | undefined
  #number = 0
  #pulse: Pulse = { heardAt: 0 }
  #asking: AbortController | undefined
  #dialledAt = 0
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #held = true
  #muted = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#unwatchPage = watchPage({
      woke: () => this.#woke(),
      wentOffline: () => {
        this.#set({ offline: true })
        this.ask(answerMs)
      },
    })
  }

  get state(): StreamState {
    return this.#state
  }

  get ended(): boolean {
    return this.#state.phase === 'ended'
  }

  /** Dials now, whatever was going on. Nothing after the end, or while it is held. */
  dial(): void {
    if (this.ended || this.#held) return
    this.#leave()
    const number = ++this.#number
    this.#dialledAt = Date.now()
    this.#set({ phase: 'connecting' })
    // Whoever was told of that may have closed or dialled again.
    if (this.ended || number !== this.#number) return
    try {
      this.#socket = new Socket(this.#options.address(), this.#options.token, {
        opened: () => this.#opened(number),
        heard: (text) => this.#heard(text, number),
        ended: (code, reason) => void this.#lost(code, reason),
      })
    } catch (error) {
      report('a WebSocket cannot be made', error)
      this.end('client')
      return
    }
    this.#after(dialMs, () => void this.#lost(1006, ''))
  }

  /** Does nothing while there is no connection: what must arrive is sent again in `opened`. */
  send(frame: object): void {
    this.#socket?.send(frame)
  }

  /** Asks for a sign of life, to be given within `limitMs`; but not twice. */
  ask(limitMs: number): void {
    if (this.#socket?.open && !isDueWithin(this.#pulse, limitMs, Date.now())) this.#ping(limitMs)
  }

  /** Everything that came over this socket up to now was handed over. */
  live(socket: number): void {
    if (socket !== this.#number || !this.#socket?.open) return
    this.#failures = 0
    this.#set({ phase: 'live' })
  }

  /** Has no socket until `release`. */
  hold(): void {
    this.#held = true
    this.#leave()
    this.#set({ phase: 'catching-up' })
  }

  release(): void {
    this.#held = false
    this.dial()
  }

  /** For good. Without a reason nobody is told. */
  end(reason?: StreamState['reason']): void {
    if (this.ended) return
    this.#leave()
    this.#unwatchPage()
    this.#muted = reason === undefined
    this.#set({ phase: 'ended', ...(reason && { reason }) })
  }

  #opened(socket: number): void {
    this.#pulse = { heardAt: Date.now() }
    // There is a network, whatever the browser says.
    this.#set({ phase: 'catching-up', offline: false })
    if (socket !== this.#number || !this.#socket) return
    this.#listen()
    this.#options.opened()
  }

  #heard(text: string, socket: number): void {
    this.#pulse = { heardAt: Date.now() }
    const frame = parse(text)
    if (frame?.type !== 'pong') {
      if (frame) this.#options.received(frame, socket)
      return
    }
    this.#set({ offline: false })
    this.#options.answered?.(socket)
  }

  /** Looks after an open socket until it is left. */
  #listen(): void {
    const next = beat(this.#pulse, Date.now())
    if (next.do === 'wait') this.#after(next.ms, () => this.#listen())
    else if (next.do === 'ask') this.#ping(next.limitMs)
    else void this.#lost(1006, '')
  }

  #ping(limitMs: number): void {
    this.#pulse = { ...this.#pulse, asked: { at: Date.now(), limitMs } }
    this.send({ type: 'ping' })
    this.#listen()
  }

  async #lost(code: number, reason: string): Promise<void> {
    const wasLetIn = this.#socket?.open
    this.#leave()
    const final = finalCodes[code]
    if (final) return this.end(final)
    if (!wasLetIn) {
      const asking = new AbortController()
      this.#asking = asking
      const refusal = await findRefusal(this.#options.refusalUrl, this.#options.token, asking.signal)
      if (asking.signal.aborted) return
      if (refusal) return this.end(refusal)
    }
    const ms = delayMs({ failures: this.#failures++, hintMs: code === 1012 ? hintMs(reason) : 0, hidden: isHidden() })
    this.#after(ms, () => this.dial())
    this.#set({ phase: 'waiting', retryAt: Date.now() + ms })
  }

  #woke(): void {
    if (!isOffline()) this.#set({ offline: false })
    if (this.#socket?.open) {
      this.ask(doubtMs)
      return
    }
    this.#failures = 0
    // What was dialled before a sleep may hang for long.
    const left = this.#socket ? this.#dialledAt + doubtMs - Date.now() : 0
    if (left > 0) this.#after(left, () => this.dial())
    else this.dial()
  }

  /** Ends whatever goes on in this phase. */
  #leave(): void {
    clearTimeout(this.#timer)
    this.#asking?.abort()
    this.#socket?.drop()
    this.#socket = undefined
  }

  #after(ms: number, then: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(then, ms)
  }

  #set(change: Partial<StreamState>): void {
    const before = this.#state
    if (this.ended) return
    const { retryAt, ...others } = before
    const next = { ...(change.phase ? others : before), ...change }
    if ((next.phase === 'live') !== (before.phase === 'live')) next.since = Date.now()
    const fields = ['phase', 'offline', 'retryAt'] as const
    if (fields.every((field) => next[field] === before[field])) return
    this.#state = next
    if (this.#muted) return
    try {
      this.#options.onState?.(next)
    } catch (error) {
      report('onState failed', error)
    }
  }
}

/** Undefined for what is no frame: somebody else answers there, and what it says is nothing to us. */
function parse(text: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Frame) : undefined
  } catch {
    return undefined
  }
}
