/** A public topic, or the status of an account. */
export type Watched = { conversationId: number } | { username: string }

/** What is watched now. Each is counted, so that two parts of a program may watch the same. */
export class Watches {
  readonly #send: (frame: object) => void
  readonly #counts = new Map<string, { frame: object; count: number }>()

  constructor(send: (frame: object) => void) {
    this.#send = send
  }

  /** Returns what ends it. */
  add(what: Watched): () => void {
    const frame =
      'username' in what ? { username: what.username.toLowerCase() } : { conversation_id: what.conversationId }
    const key = JSON.stringify(frame)
    const found = this.#counts.get(key)
    const entry = found ?? { frame, count: 0 }
    entry.count++
    if (!found) {
      this.#counts.set(key, entry)
      this.#send({ type: 'watch', ...frame })
    }
    let ended = false
    return () => {
      if (ended) return
      ended = true
      if (--entry.count > 0) return
      this.#counts.delete(key)
      this.#send({ type: 'unwatch', ...frame })
    }
  }

  /** A new connection knows of none. */
  sendAll(): void {
    for (const { frame } of this.#counts.values()) this.#send({ type: 'watch', ...frame })
  }
}
