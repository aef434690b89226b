import type { Knex } from 'knex'
import { oldestDeadline } from '#internal/alerts/deadlines'
import { listJobRuns } from '#internal/jobs/store'
import { readBacklog } from '#internal/log/backlog'
import type { Platform } from '#internal/platform/start'
import type { Clock } from '#internal/runtime/clock'
import { Loop } from '#internal/runtime/loop'
import { oldestDue } from '#internal/schedules/store'
import { failedTurns } from '#internal/telemetry/failed-turns'
import type { Metrics } from '#internal/telemetry/metrics'

/** How often the database is asked: about as often as metrics are read. */
const intervalMs = 15_000
const countedMost = 100_000

/**
 * Keeps the metrics up to date that are read from the database: what waits, and how the jobs of the scheduler went. On a timer, so that
 * /metrics never waits for PostgreSQL, and every worker shows the same.
 */
export function startGauges({ db, logger, metrics }: Pick<Platform, 'db' | 'logger' | 'metrics'>, clock: Clock): Loop {
  return new Loop({
    async turn() {
      await showBacklog(db, metrics)
      await showOverdue(db, metrics, clock.now())
      await showJobs(db, metrics)
      return 'none'
    },
    idle: { minMs: intervalMs, maxMs: intervalMs },
    onError: failedTurns({ logger, metrics }, 'gauges', 'what waits was not counted, trying again'),
  }).start()
}

async function showBacklog(db: Knex, metrics: Metrics): Promise<void> {
  const { position, events, marks, oldestSeconds } = await readBacklog(db, countedMost)
  metrics.logPosition.set(position)
  metrics.outboxWaiting.set(events)
  metrics.outboxOldest.set(oldestSeconds)
  metrics.marksWaiting.set(marks)
}

async function showOverdue(db: Knex, metrics: Metrics, now: Date): Promise<void> {
  const since = (due: Date | undefined) => (due ? Math.max(0, now.getTime() - due.getTime()) / 1000 : 0)
  metrics.overdue.set({ work: 'schedules' }, since(await oldestDue(db)))
  metrics.overdue.set({ work: 'escalations' }, since(await oldestDeadline(db)))
}

async function showJobs(db: Knex, metrics: Metrics): Promise<void> {
  for (const run of await listJobRuns(db)) {
    const job = { job_name: run.name }
    metrics.jobSuccess.set(job, seconds(run.succeeded_at ?? run.known_at))
    metrics.jobFailures.set(job, run.failures)
    if (run.started_at) metrics.jobStart.set(job, seconds(run.started_at))
    if (run.duration_seconds !== null) metrics.jobSeconds.set(job, run.duration_seconds)
    if (run.period_seconds !== null) metrics.jobPeriod.set(job, run.period_seconds)
  }
}

const seconds = (time: Date) => time.getTime() / 1000
