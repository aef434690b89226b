import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'

/** What a loop that tries again is told of each failure: it counts all of them, from 0, and warns of the first in a row. */
export function failedTurns(
  { logger, metrics }: { logger: Logger; metrics: Pick<Metrics, 'loopErrors'> },
  loop: string,
  message: string,
  fields: object = {},
): (error: unknown, attempt: number) => void {
  metrics.loopErrors.inc({ loop }, 0)
  return (error, attempt) => {
    metrics.loopErrors.inc({ loop })
    logger[attempt === 0 ? 'warn' : 'debug']({ error, ...fields }, message)
  }
}
