import type { Db } from '#internal/db/pool'

/** What is known of the runs of one job of the scheduler. */
export interface JobRun {
  name: string
  known_at: Date
  /** How often it is meant to run; null when that is nobody's plan. */
  period_seconds: number | null
  started_at: Date | null
  succeeded_at: Date | null
  /** Of the last run that ended. */
  duration_seconds: number | null
  /** Runs that have failed since one succeeded. */
  failures: number
}

export async function recordStart(db: Db, name: string, period_seconds: number | null, at: Date): Promise<void> {
  await db('job_runs')
    .insert({ name, known_at: at, period_seconds, started_at: at })
    .onConflict('name')
    .merge(['period_seconds', 'started_at'])
}

/** Notes how a run ended; of two that ran at once the later one is what is remembered. */
export async function recordEnd(
  db: Db,
  name: string,
  { succeeded, seconds }: { succeeded: boolean; seconds: number },
  at: Date,
): Promise<void> {
  await db('job_runs')
    .where({ name })
    .update({
      duration_seconds: seconds,
      ...(succeeded ? { succeeded_at: at, failures: 0 } : { failures: db.raw('failures + 1') }),
    })
}

export async function listJobRuns(db: Db): Promise<JobRun[]> {
  return db('job_runs').orderBy('name')
}
