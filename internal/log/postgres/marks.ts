import type { Knex } from 'knex'
import type { Mark } from '#internal/events/mark'
import type { Found } from '#internal/runtime/loop'
import type { Metrics } from '#internal/telemetry/metrics'
import { handleMarks } from '../handle-marks.ts'
import type { MarksHandler } from '../log.ts'

const batchSize = 5000

export async function enqueueMarks(db: Knex, marks: Mark[]): Promise<void> {
  if (marks.length === 0) return
  await db.raw('insert into marks (mark) select unnest(?::json[])', [marks.map((mark) => JSON.stringify(mark))])
}

/** Takes a batch of marks and hands it over in the transaction that removes it. */
export async function marksTurn(db: Knex, handler: MarksHandler, metrics: Metrics): Promise<Found> {
  return db.transaction(async (trx) => {
    const { rows } = await trx.raw(
      `delete from marks where id in (select id from marks order by id limit ? for update skip locked) returning mark`,
      [batchSize],
    )
    if (rows.length === 0) return 'none'
    const marks = (rows as { mark: string }[]).map((row) => JSON.parse(row.mark) as Mark)
    await handleMarks(trx, marks, handler, metrics)
    return rows.length === batchSize ? 'more' : 'some'
  })
}
