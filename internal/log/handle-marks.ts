import type { Knex } from 'knex'
import { isUnavailable } from '#internal/db/errors'
import type { Mark } from '#internal/events/mark'
import type { Metrics } from '#internal/telemetry/metrics'
import { handleEach } from './dead-letters.ts'
import type { MarksHandler } from './log.ts'

/** Hands a batch of marks over. When the batch fails, each mark is tried alone, and one that cannot be applied becomes a dead letter. */
export async function handleMarks(
  trx: Knex.Transaction,
  marks: Mark[],
  handler: MarksHandler,
  metrics: Metrics,
): Promise<void> {
  try {
    await trx.transaction((savepoint) => handler(savepoint, marks))
  } catch (error) {
    if (isUnavailable(error)) throw error
    await handleEach(trx, marks, {
      source: 'marks',
      handle: (savepoint, mark) => handler(savepoint, [mark]),
      describe: (mark) => ({ position: null, payload: JSON.stringify(mark) }),
      onDeadLetter: () => metrics.deadLetters.inc({ group: 'marks' }),
    })
  }
  for (const mark of marks) metrics.marks.inc({ kind: mark.kind })
}
