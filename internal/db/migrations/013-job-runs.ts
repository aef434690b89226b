import type { Migration } from '../migrate.ts'

export const jobRuns: Migration = {
  name: '013-job-runs',
  async up(db) {
    await db.raw(`
      -- The last run of each job of the scheduler, for whoever watches that they run.
      create table job_runs (
        name text primary key,
        -- Since when it is expected to run: a job that never does is noticed, too.
        known_at timestamptz not null default now(),
        -- How often; null for one that does not run by the clock of the installation.
        period_seconds int,
        started_at timestamptz,
        succeeded_at timestamptz,
        -- Of the last run that ended.
        duration_seconds double precision,
        -- Runs that have failed since one succeeded.
        failures int not null default 0
      ) with (fillfactor = 50);
      insert into job_runs (name, period_seconds) values
        ('attachments', 3600), ('cleanup', 3600), ('escalations', 60), ('feed', 60), ('partitions', 300), ('schedules', 60),
        ('statuses', 60);
    `)
  },
}
