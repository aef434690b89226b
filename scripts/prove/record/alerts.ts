import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/** An alert as its writer knows it. */
export interface AlertWrite {
  text: string
  /** Ids of objects. */
  to: number[] | 'all'
  /** Undefined when it was not answered, and not repeated. */
  id: number | undefined
  /** What the answer said. */
  count: number | undefined
  /** Milliseconds since the start. */
  sentAt: number
  answeredAt: number
}

/** Appends one object as a line of JSON. */
export const appendLine = (path: string, value: unknown): void => appendFileSync(path, `${JSON.stringify(value)}\n`)

export function readLines<T>(path: string): T[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T)
}
