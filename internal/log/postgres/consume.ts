import type { Knex } from 'knex'
import { prepared } from '#internal/db/pool'
import type { LogEvent } from '#internal/events/event'
import type { Found } from '#internal/runtime/loop'
import type { Metrics } from '#internal/telemetry/metrics'
import { eventsAfter } from '../events-after.ts'
import { handleEvents } from '../handle-events.ts'
import type { EventHandler } from '../log.ts'

const batchSize = 100

/**
 * One batch of a consumer group. The row of the group is locked for the length of the transaction, so one member works at a time
 * and the others find nothing; what the handlers wrote and the new position commit together.
 */
export async function consumeTurn(db: Knex, group: string, handler: EventHandler, metrics: Metrics): Promise<Found> {
  return db.transaction(async (trx) => {
    const position = await lockGroup(trx, group)
    if (position === undefined) return 'none'
    const events = await prepared<LogEvent>(trx, eventsAfter, [position, batchSize])
    const last = events.at(-1)
    if (!last) return 'none'
    await handleEvents(trx, group, events, handler, metrics)
    await trx('log_groups').where({ name: group }).update({ position: last.position })
    return events.length === batchSize ? 'more' : 'some'
  })
}

/** The group's position, or undefined while another member works. */
async function lockGroup(trx: Knex.Transaction, group: string): Promise<number | undefined> {
  const row = await trx('log_groups').where({ name: group }).forUpdate().skipLocked().first('position')
  if (row) return row.position
  const made = await trx('log_groups')
    .insert({ name: group, position: 0 })
    .onConflict('name')
    .ignore()
    .returning('position')
  return made[0]?.position
}
