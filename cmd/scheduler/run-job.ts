import { recordEnd, recordStart } from '#internal/jobs/store'
import { periods } from './jobs/index.ts'
import type { Job, JobDeps } from './jobs/job.ts'

/**
 * Runs a job, logs what it did and how long it took, and notes both for the worker, which shows it to whoever watches. That it cannot be
 * noted is no failure of the job.
 * @throws what the job throws.
 */
export async function runJob(name: string, job: Job, deps: JobDeps): Promise<void> {
  const { db, clock, logger } = deps
  const started = performance.now()
  const note = async (what: Promise<void>) => {
    await what.catch((error: unknown) => logger.warn({ job: name, error }, 'the run of the job was not noted'))
  }
  const end = (succeeded: boolean) =>
    note(recordEnd(db, name, { succeeded, seconds: (performance.now() - started) / 1000 }, clock.now()))
  await note(recordStart(db, name, periods[name] ?? null, clock.now()))
  try {
    const counts = await job(deps)
    logger.info({ job: name, ms: Math.round(performance.now() - started), ...counts }, 'job done')
  } catch (error) {
    await end(false)
    throw error
  }
  await end(true)
}
