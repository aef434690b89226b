import { createPool } from '#internal/db/pool'

/** An event of the log, as `events` has it. */
export interface LogRow {
  position: number
  scope: string
  event: string
  /** RFC 3339. */
  at: string
  // biome-ignore lint/suspicious/noExplicitAny: every kind of event has other fields
  data: any
}

const pageSize = 10_000

/** The whole log in the order of positions. */
export async function* readLog(url: string): AsyncGenerator<LogRow> {
  const db = createPool({ url, max: 1, name: 'prove' })
  try {
    for (let after = 0; ; ) {
      const rows = await db('events').where('position', '>', after).orderBy('position').limit(pageSize)
      for (const { position, scope, event, at, data } of rows)
        yield { position, scope, event, at: at.toISOString(), data: JSON.parse(data) }
      if (rows.length < pageSize) return
      after = rows.at(-1).position
    }
  } finally {
    await db.destroy()
  }
}

/** The number behind the colon of a scope such as `conversation:7`; 0 when there is none. */
export const idOf = (scope: string): number => Number(scope.slice(scope.indexOf(':') + 1)) || 0
