import { isPassing, Refused, textOf } from '../api/problem.ts'
import type { Attachment, Message } from '../api/views.ts'

/** A message on its way. */
export interface Outgoing {
  /** Its Idempotency-Key: however often it is sent, it is posted once. Also what its row is called on the screen, for ever. */
  key: string
  conversationId: number
  body: string
  replyTo: number | null
  attachments: Attachment[]
  /** Ms since the epoch. */
  createdAt: number
  /**
   * `queued` behind others; `sending`; `waiting` for the next try, as there was no answer; `refused`; `sent`, and `message` is what
   * it became.
   */
  state: 'queued' | 'sending' | 'waiting' | 'refused' | 'sent'
  /** When it was first tried, the newest seq that was known then: whatever became of it has a higher one. */
  sinceSeq?: number
  problem?: string
  message?: Message
}

export type NewOutgoing = Pick<Outgoing, 'key' | 'conversationId' | 'body' | 'replyTo' | 'attachments'>

/** Keys are good for a day; with a later retry the message might be there twice. */
const keyLifeMs = 23 * 3600_000
const firstPauseMs = 500
const longestPauseMs = 10_000

export interface OutboxOptions {
  post: (message: Outgoing) => Promise<Message>
  /** The newest seq that is known of a conversation. */
  lastSeq: (conversationId: number) => number
  /** Keeps what is unsent over a reload of the page. */
  storage?: Pick<Storage, 'getItem' | 'setItem'>
  storageKey: string
  now?: () => number
}

/**
 * What was written and is not known to be posted. Messages of a conversation go out one after the other, in the order in which they
 * were written. What gets no answer is tried again under the same key until there is one.
 */
export class Outbox {
  #items: readonly Outgoing[]
  #closed = false
  readonly #options: OutboxOptions
  readonly #listeners = new Set<() => void>()
  readonly #wakers = new Set<() => void>()
  readonly #running = new Set<number>()

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#items = this.#load()
    for (const { conversationId } of this.#items) this.#run(conversationId)
  }

  /** The same array as long as nothing changed. */
  get items(): readonly Outgoing[] {
    return this.#items
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  send(message: NewOutgoing): void {
    this.#change([...this.#items, { ...message, createdAt: this.#now(), state: 'queued' }])
    this.#run(message.conversationId)
  }

  /** Again, what was refused; at once, what waits. */
  retry(key: string): void {
    const found = this.#items.find((item) => item.key === key)
    this.wake()
    if (found?.state !== 'refused') return
    this.#set(key, { state: 'queued' })
    this.#run(found.conversationId)
  }

  /** Not to be sent any more. Whether it was posted nobody knows unless it was refused. */
  discard(key: string): void {
    this.#change(this.#items.filter((item) => item.key !== key))
    this.wake()
  }

  /** Those that have become messages on the screen are done. */
  forget(keys: readonly string[]): void {
    if (keys.length > 0) this.#change(this.#items.filter(({ key }) => !keys.includes(key)))
  }

  /** The server is there again, perhaps: whoever waits tries now. */
  wake(): void {
    for (const waker of this.#wakers) waker()
  }

  close(): void {
    this.#closed = true
    this.wake()
  }

  #run(conversationId: number): void {
    if (this.#running.has(conversationId) || this.#closed) return
    this.#running.add(conversationId)
    void this.#work(conversationId).finally(() => this.#running.delete(conversationId))
  }

  async #work(conversationId: number): Promise<void> {
    let failures = 0
    for (;;) {
      const next = this.#items.find(
        (item) => item.conversationId === conversationId && (item.state === 'queued' || item.state === 'waiting'),
      )
      if (!next || this.#closed) return
      if (await this.#try(next)) failures = 0
      else await this.#pause(Math.min(longestPauseMs, firstPauseMs * 2 ** failures++))
    }
  }

  /** Whether there is an answer, be it a refusal. */
  async #try({ key, sinceSeq, createdAt, conversationId }: Outgoing): Promise<boolean> {
    if (this.#now() - createdAt > keyLifeMs) {
      this.#set(key, { state: 'refused', problem: 'This was written too long ago to be sent by itself.' })
      return true
    }
    this.#set(key, { state: 'sending', sinceSeq: sinceSeq ?? this.#newest(conversationId) })
    try {
      const message = await this.#options.post(this.#items.find((item) => item.key === key)!)
      this.#set(key, { state: 'sent', message })
      return true
    } catch (error) {
      const again = isPassing(error) || (error instanceof Refused && error.status === 401)
      this.#set(key, again ? { state: 'waiting' } : { state: 'refused', problem: textOf(error) })
      return !again
    }
  }

  /** Of the timeline, or of what was sent a moment ago and is not in it yet. */
  #newest(conversationId: number): number {
    const sent = this.#items.filter((item) => item.conversationId === conversationId && item.message)
    return Math.max(this.#options.lastSeq(conversationId), ...sent.map(({ message }) => message!.seq))
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#wakers.delete(done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.#wakers.add(done)
    })
  }

  #set(key: string, change: Partial<Outgoing>): void {
    this.#change(this.#items.map((item) => (item.key === key ? { ...item, ...change } : item)))
  }

  #change(items: readonly Outgoing[]): void {
    this.#items = items
    try {
      this.#options.storage?.setItem(this.#options.storageKey, JSON.stringify(items.filter(isUnsettled)))
    } catch {
      // Full or forbidden: a reload loses what is unsent, and the page says so before it is left.
    }
    for (const listener of this.#listeners) listener()
  }

  #load(): Outgoing[] {
    try {
      const kept = JSON.parse(this.#options.storage?.getItem(this.#options.storageKey) ?? '[]') as Outgoing[]
      return kept.map((item) => (item.state === 'refused' ? item : { ...item, state: 'waiting' }))
    } catch {
      return []
    }
  }

  #now(): number {
    return (this.#options.now ?? Date.now)()
  }
}

const isUnsettled = ({ state }: Outgoing): boolean => state !== 'sent'
