import type { Logger } from '#internal/telemetry/log'
import { PlainError } from './plain-error.ts'

type Stop = () => void | Promise<void>

/** What a main hands its parts to. A stop is registered the moment its thing exists; stops run last-in first-out. */
export interface Lifecycle {
  /** Registers how to stop a part. */
  onStop(name: string, stop: Stop): void
  /** Ends the process in an orderly way, as SIGTERM does; a reason given here makes the exit code 1. */
  shutdown(reason: Error): void
}

export interface RunOptions {
  log: Logger
  /** All stops together must be done by then, or the process exits with 1. */
  deadlineMs: number
}

/**
 * Runs `start`, then waits for SIGTERM or SIGINT and runs the stops, newest first. A failed start unwinds the same list.
 * A second signal exits at once. Resolves with the exit code.
 */
export async function run(options: RunOptions, start: (lifecycle: Lifecycle) => Promise<void>): Promise<number> {
  const { log, deadlineMs } = options
  const stops: { name: string; stop: Stop }[] = []
  const ended = Promise.withResolvers<Error | undefined>()
  const lifecycle: Lifecycle = {
    onStop: (name, stop) => stops.push({ name, stop }),
    shutdown: (reason) => ended.resolve(reason),
  }
  let firstAt: number | undefined
  const onSignal = (signal: NodeJS.Signals) => {
    // On Ctrl-C the terminal signals npm and us, and npm passes its signal on: two that come together are one.
    if (firstAt !== undefined && performance.now() - firstAt > 500) process.exit(1)
    if (firstAt !== undefined) return
    firstAt = performance.now()
    log.info({ signal }, 'stopping')
    ended.resolve(undefined)
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)

  let failure: Error | undefined
  try {
    await Promise.race([start(lifecycle), ended.promise])
    failure = await ended.promise
  } catch (error) {
    failure = error as Error
  }
  // A stack would only hide what the person at the terminal can mend.
  if (failure) log.error(failure instanceof PlainError ? {} : { error: failure }, failure.message)
  const clean = await unwind(stops, log, deadlineMs)
  process.off('SIGTERM', onSignal)
  process.off('SIGINT', onSignal)
  return failure || !clean ? 1 : 0
}

async function unwind(stops: { name: string; stop: Stop }[], log: Logger, deadlineMs: number): Promise<boolean> {
  let clean = true
  let current = ''
  const timer = setTimeout(() => {
    log.error({ part: current, deadline_ms: deadlineMs }, 'a part did not stop in time')
    process.exit(1)
  }, deadlineMs)
  for (const { name, stop } of stops.toReversed()) {
    current = name
    log.debug({ part: name }, 'stopping part')
    try {
      await stop()
    } catch (error) {
      clean = false
      log.error({ part: name, error }, 'a part did not stop cleanly')
    }
  }
  clearTimeout(timer)
  return clean
}
