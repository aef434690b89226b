import type { Job, JobDeps } from './jobs/job.ts'

/** Runs a job and logs what it did and how long it took. @throws what the job throws. */
export async function runJob(name: string, job: Job, deps: JobDeps): Promise<void> {
  const started = performance.now()
  const counts = await job(deps)
  deps.logger.info({ job: name, ms: Math.round(performance.now() - started), ...counts }, 'job done')
}
