import type { Db } from '#internal/db/pool'
import type { NewEvent } from '#internal/events/event'
import { currentTraceparent } from '#internal/telemetry/tracing'

/**
 * Puts events into the outbox, in the order given. Call it in the transaction that changes the state that they speak of:
 * they are then in the log if and only if that state is.
 */
export async function emit(db: Db, events: NewEvent[], at: Date): Promise<void> {
  if (events.length === 0) return
  const traceparent = currentTraceparent()
  await db('outbox').insert(
    events.map(({ scope, event, data }) => ({ scope, event, at, data: JSON.stringify(data), traceparent })),
  )
}
