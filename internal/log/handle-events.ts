import type { Knex } from 'knex'
import type { LogEvent } from '#internal/events/event'
import type { Metrics } from '#internal/telemetry/metrics'
import { handleEach } from './dead-letters.ts'
import type { EventHandler } from './log.ts'

/** Hands events to the handler of a group, one by one; one that it cannot take becomes a dead letter. */
export function handleEvents(
  trx: Knex.Transaction,
  group: string,
  events: LogEvent[],
  handler: EventHandler,
  metrics: Metrics,
): Promise<void> {
  return handleEach(trx, events, {
    source: group,
    handle: handler,
    describe: (event) => ({ position: event.position, payload: JSON.stringify(event) }),
    onDeadLetter: () => metrics.deadLetters.inc({ group }),
  })
}
