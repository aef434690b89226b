import { cpuSeconds } from './proc-fs.ts'
import { median, percent, round } from './stats.ts'
import type { Row } from './table.ts'

/** How fast a load program got something done, with what CPU time. */
export interface Speed {
  perSecond: number
  /** CPU of the process that does it: of the api, or of the program that uses pg. */
  cpuMs: number
}

/** `pid`: the process whose CPU time counts. */
export async function speed(pid: number, load: Promise<{ done: number; seconds: number }>): Promise<Speed> {
  const before = cpuSeconds(pid)
  const { done, seconds } = await load
  return { perSecond: done / seconds, cpuMs: ((cpuSeconds(pid) - before) * 1000) / done }
}

export const rate = (speeds: Speed[]): number => median(speeds.map(({ perSecond }) => perSecond))

export const figure = (speeds: Speed[]): string =>
  `${round(rate(speeds))}/s, ${round(median(speeds.map(({ cpuMs }) => cpuMs)))} CPU ms each`

/** The line of a POST that is held against plain pg. */
export function againstPlain(what: string, posts: Speed[], plain: Speed[]): Row {
  const ratio = rate(posts) / rate(plain)
  return { what, figure: figure(posts), ratio: percent(ratio), bar: '70 % of plain pg', met: ratio >= 0.7 }
}
