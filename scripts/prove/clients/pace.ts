import { setTimeout as delay } from 'node:timers/promises'

/** Hands out turns at an even rate; what was held up is made up for as fast as it is asked for. */
export class Pace {
  #total: number
  readonly #msPerTurn: number
  readonly #startedAt = Date.now()
  #taken = 0

  constructor(total: number, durationMs: number) {
    this.#total = total
    this.#msPerTurn = durationMs / total
  }

  /** Resolves when it is time, with false when all turns were taken. */
  async next(): Promise<boolean> {
    if (this.#taken >= this.#total) return false
    const due = this.#startedAt + this.#taken++ * this.#msPerTurn
    const early = due - Date.now()
    if (early > 0) await delay(early)
    return true
  }

  /** What was done in the turn does not count. */
  again(): void {
    this.#total++
  }
}
