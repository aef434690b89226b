import { type Db, prepared } from '#internal/db/pool'

/** What the log has, and what waits for a worker. */
export interface Backlog {
  /** Position of the newest event. */
  position: number
  /** Events in the outbox, and marks in PostgreSQL, each counted up to `most`. */
  events: number
  marks: number
  /** For how long the oldest event in the outbox has waited, seconds by PostgreSQL's clock; 0 when there is none. */
  oldestSeconds: number
}

const backlog = {
  name: 'backlog',
  text: `
    select position,
      (select count(*) from (select from outbox limit $1) o) as events,
      (select count(*) from (select from marks limit $1) m) as marks,
      coalesce((select greatest(0, extract(epoch from now() - at)) from outbox order by id limit 1), 0)::float8 as "oldestSeconds"
    from log_head`,
}

/** Counting further than `most` would cost more than the number is worth. */
export async function readBacklog(db: Db, most: number): Promise<Backlog> {
  const [row] = await prepared<Backlog>(db, backlog, [most])
  return row!
}
