import type { Knex } from 'knex'
import type { LogEvent } from '#internal/events/event'
import type { Found } from '#internal/runtime/loop'
import { attempt, type DeadLetter } from './dead-letters.ts'
import type { EventHandler } from './log.ts'

/** Does again what a dead letter of one source stands for. It gets the letter's payload, parsed. */
export type ReplayHandler = (trx: Knex.Transaction, payload: never) => Promise<void>

const batchSize = 20

/** The handler of a consumer group, as one for its dead letters. */
export const replayEvent =
  (handle: EventHandler): ReplayHandler =>
  (trx, payload: LogEvent) =>
    handle(trx, { ...payload, at: new Date(payload.at) })

/**
 * Replays some of the dead letters that were asked for and have a handler here, by source. What the handler wrote and the letter's
 * new state commit together, so each is replayed once; any number of workers may do this at once.
 */
export async function replayTurn(db: Knex, handlers: ReadonlyMap<string, ReplayHandler>): Promise<Found> {
  return db.transaction(async (trx) => {
    const letters: DeadLetter[] = await trx('dead_letters')
      .where({ state: 'queued' })
      .whereIn('source', [...handlers.keys()])
      .orderBy('id')
      .limit(batchSize)
      .forUpdate()
      .skipLocked()
    for (const { id, source, payload } of letters) {
      const handle = handlers.get(source)!
      const error = await attempt(trx, (savepoint) => handle(savepoint, JSON.parse(payload) as never))
      const outcome = error === undefined ? { state: 'replayed', replayed_at: trx.fn.now() } : { state: 'dead', error }
      await trx('dead_letters').where({ id }).update(outcome)
    }
    return letters.length === batchSize ? 'more' : letters.length > 0 ? 'some' : 'none'
  })
}
