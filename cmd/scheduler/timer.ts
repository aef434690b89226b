import type { Platform } from '#internal/platform/start'
import { systemClock } from '#internal/runtime/clock'
import { Loop } from '#internal/runtime/loop'
import type { Lifecycle } from '#internal/runtime/run'
import { failedTurns } from '#internal/telemetry/failed-turns'
import type { SchedulerConfig } from './config.ts'
import { jobs } from './jobs/index.ts'
import { runJob } from './run-job.ts'

const intervalMs = 60_000
/** Where somebody waits for the result, and a run that finds nothing costs next to nothing. */
const shorterMs: Readonly<Record<string, number>> = { schedules: 5000 }

/** Runs every job at once and then each minute or more often, in this process: what CronJobs do in a cluster. */
export function startTimer(lifecycle: Lifecycle, platform: Platform, config: SchedulerConfig): void {
  const { db, logger } = platform
  const deps = { db, config, clock: systemClock, logger }
  for (const [name, job] of jobs) {
    const ms = shorterMs[name] ?? intervalMs
    const loop = new Loop({
      turn: async (signal) => {
        await runJob(name, job, { ...deps, signal })
        return 'none'
      },
      idle: { minMs: ms, maxMs: ms },
      onError: failedTurns(platform, `job ${name}`, 'job failed, trying again', { job: name }),
    }).start()
    lifecycle.onStop(`job ${name}`, () => loop.stop())
  }
}
