import { PlainError } from '#internal/runtime/plain-error'
import { type Lifecycle, run } from '#internal/runtime/run'
import type { Logger } from '#internal/telemetry/log'
import { explain } from './explain.ts'

/**
 * Runs a process until SIGTERM and ends it. What a person can mend is told in one plain line.
 * @param deadlineMs all that stops together must be done by then
 */
export async function runProcess(
  log: Logger,
  deadlineMs: number,
  start: (lifecycle: Lifecycle) => Promise<void>,
): Promise<never> {
  const code = await run({ log, deadlineMs }, async (lifecycle) => {
    try {
      await start(lifecycle)
    } catch (error) {
      const line = explain(error)
      throw line === undefined ? error : new PlainError(line)
    }
  })
  // A client that does not hang up, or a library that still tries again, must not hold it up.
  process.exit(code)
}
