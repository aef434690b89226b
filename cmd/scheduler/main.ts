import { readConfig } from '#internal/config/read'
import { createPool } from '#internal/db/pool'
import { explain, plainly } from '#internal/platform/explain'
import { requireSchema } from '#internal/platform/schema'
import { systemClock } from '#internal/runtime/clock'
import { patiently } from '#internal/runtime/patience'
import { createLog } from '#internal/telemetry/log'
import { processSettings, raiseSettings } from './config.ts'
import { jobs } from './jobs/index.ts'
import { raise } from './raise.ts'
import { runJob } from './run-job.ts'

// `scheduler <job>`: runs the job once and exits, with 1 when it failed.
const name = process.argv[2] ?? ''
/** Shorter than the minute after which the next one is due. */
const patienceMs = 30_000
const names = [...jobs.keys(), 'raise'].toSorted()
if (!names.includes(name)) {
  process.stderr.write(`There is no job "${name}". The jobs are: ${names.join(', ')}.\n`)
  process.exit(1)
}
const needed = name === 'raise' ? [...processSettings, ...raiseSettings] : processSettings
const config = plainly(() => readConfig(process.env, needed))
const job = jobs.get(name) ?? raise(config)
const logger = createLog({ service: 'belfry-scheduler', level: config.LOG_LEVEL })
const db = createPool({ url: config.DATABASE_URL, max: 2, name: 'scheduler' })
try {
  // A new version of the CronJobs may be ahead of its migrations.
  const onWait = (error: unknown) => logger.warn({ job: name }, explain(error) ?? (error as Error).message)
  await patiently(() => requireSchema(db), { timeoutMs: patienceMs, onWait })
  await runJob(name, job, { db, config, clock: systemClock, logger })
} catch (error) {
  const line = explain(error)
  logger.error(line ? { job: name } : { job: name, error }, line ?? `job failed: ${(error as Error).message}`)
  process.exitCode = 1
} finally {
  await db.destroy()
}
