/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Random {
  readonly #seed: number
  #state: number

  constructor(seed: number) {
    this.#seed = seed
    this.#state = seed >>> 0
  }

  /** Another source, of its own: what is drawn from one does not move the others. */
  fork(name: string): Random {
    let hash = this.#seed >>> 0
    for (const char of name) hash = (Math.imul(hash, 31) + char.codePointAt(0)!) >>> 0
    return new Random(hash)
  }

  /** 0 <= x < 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)]!
  }

  /** So many different ones, in random order. */
  sample<T>(items: readonly T[], count: number): T[] {
    const rest = [...items]
    return Array.from({ length: Math.min(count, rest.length) }, () => {
      return rest.splice(Math.floor(this.next() * rest.length), 1)[0]!
    })
  }
}
