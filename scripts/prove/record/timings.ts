// Buckets of a factor 2^(1/4): a percentile is off by a fifth at most, and a second costs 400 bytes.
const perDoubling = 4
const buckets = 100

/** Milliseconds counted by the second of the run in which they ended. */
export class Timings {
  readonly #seconds: Uint32Array[] = []
  readonly #longest: number[] = []

  add(now: number, ms: number): void {
    const second = Math.max(0, Math.floor(now / 1000))
    this.#seconds[second] ??= new Uint32Array(buckets)
    this.#seconds[second][bucketOf(ms)]!++
    this.#longest[second] = Math.max(this.#longest[second] ?? 0, ms)
  }

  /** Can be sent to another process. */
  toPlain(): PlainTimings {
    return {
      seconds: Array.from(this.#seconds, (counts) => (counts ? [...counts] : [])),
      longest: Array.from(this.#longest, (ms) => ms ?? 0),
    }
  }
}

export interface PlainTimings {
  /** Counts by bucket; empty for a second without any. */
  seconds: number[][]
  longest: number[]
}

/** The percentile over the seconds that `isCalm`; NaN of nothing. */
export function percentileOf({ seconds }: PlainTimings, p: number, isCalm: (second: number) => boolean): number {
  const sums = new Float64Array(buckets)
  for (const [second, counts] of seconds.entries())
    if (isCalm(second)) for (const [bucket, count] of counts.entries()) sums[bucket]! += count
  const total = sums.reduce((sum, count) => sum + count, 0)
  let seen = 0
  for (const [bucket, count] of sums.entries()) {
    seen += count
    if (total > 0 && seen >= p * total) return 2 ** (bucket / perDoubling) - 1
  }
  return Number.NaN
}

/** The longest that ended after waiting through some of the time between; 0 when there was none. */
export function longestThrough({ longest }: PlainTimings, from: number, to: number): number {
  let found = 0
  for (const [second, ms] of longest.entries()) {
    const endsAt = (second + 1) * 1000
    if (endsAt >= from && endsAt - 1000 - ms <= to) found = Math.max(found, ms)
  }
  return found
}

const bucketOf = (ms: number): number => Math.min(buckets - 1, Math.ceil(Math.log2(Math.max(0, ms) + 1) * perDoubling))
