import type { Knex } from 'knex'
import type { Clock } from '#internal/runtime/clock'
import type { Logger } from '#internal/telemetry/log'
import type { SchedulerConfig } from '../config.ts'

export interface JobDeps {
  db: Knex
  clock: Clock
  config: SchedulerConfig
  /** For failures that the job goes on after. */
  logger: Logger
  /** Aborted when the process is about to end: finish what cannot be left, begin nothing. */
  signal?: AbortSignal
}

/** Does what is due now and resolves with counts of it, for the log. Two at once, or one that was killed, do no harm. */
export type Job = (deps: JobDeps) => Promise<Record<string, number>>
