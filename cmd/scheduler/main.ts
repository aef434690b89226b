import { readConfig } from '#internal/config/read'
import { createPool } from '#internal/db/pool'
import { explain } from '#internal/platform/explain'
import { plainly } from '#internal/platform/role'
import { requireSchema } from '#internal/platform/schema'
import { systemClock } from '#internal/runtime/clock'
import { createLog } from '#internal/telemetry/log'
import { processSettings } from './config.ts'
import { jobs } from './jobs/index.ts'
import { runJob } from './run-job.ts'

// `scheduler <job>`: runs the job once and exits, with 1 when it failed.
const name = process.argv[2] ?? ''
const job = jobs.get(name)
if (!job) {
  process.stderr.write(`There is no job "${name}". The jobs are: ${[...jobs.keys()].join(', ')}.\n`)
  process.exit(1)
}
const config = plainly(() => readConfig(process.env, processSettings))
const logger = createLog({ service: 'belfry-scheduler', level: config.LOG_LEVEL })
const db = createPool({ url: config.DATABASE_URL, max: 2, name: 'scheduler' })
try {
  await requireSchema(db)
  await runJob(name, job, { db, config, clock: systemClock, logger })
} catch (error) {
  logger.error({ job: name, error }, explain(error) ?? `job failed: ${(error as Error).message}`)
  process.exitCode = 1
} finally {
  await db.destroy()
}
