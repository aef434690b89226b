import { isDeepStrictEqual } from 'node:util'
import type { V1CronJob, V1JobTemplateSpec } from '@kubernetes/client-node'
import type { Clock } from '#internal/runtime/clock'
import type { Logger } from '#internal/telemetry/log'
import { type AlertSchedule, type AlertScheduleStatus, readyCondition } from './alert-schedule.ts'
import type { Cluster, EventNote } from './cluster.ts'
import { cronJobFor, isOwn, notBeforeOf, problemOf } from './cron-job.ts'
import { codeOf, wordsOf } from './kube.ts'
import { type Outcome, statusOf } from './status.ts'
import type { Watched } from './watch.ts'

export interface ReconcilerDeps {
  schedules: Pick<Watched<AlertSchedule>, 'get'>
  cronJobs: Pick<Watched<V1CronJob>, 'get'>
  cluster: Pick<Cluster, 'applyCronJob' | 'applyStatus' | 'createEvent'>
  template: V1JobTemplateSpec
  clock: Clock
  logger: Logger
}

interface Applied {
  /** What was asked for, as JSON; empty when it must be asked for again whatever the copies show. */
  wanted: string
  /** What came of it. */
  cronJob: V1CronJob
}

interface WrittenStatus {
  /** Of the AlertSchedule that it was made from. */
  resourceVersion: string
  status: AlertScheduleStatus
}

interface Settled {
  outcome: Outcome
  /** As it is now, if it is ours. */
  cronJob: V1CronJob | undefined
  /** Why it must be tried again. */
  error?: unknown
}

/**
 * Brings the CronJob of the AlertSchedule with that name in line with it and says so in its status. Doing it again changes and writes
 * nothing. Deletion needs no work: Kubernetes removes what is owned by what is gone.
 */
export class Reconciler {
  readonly #deps: ReconcilerDeps
  // What was last written: the copies of what the API server has show it a moment later.
  readonly #applied = new Map<string, Applied>()
  readonly #statuses = new Map<string, WrittenStatus>()

  constructor(deps: ReconcilerDeps) {
    this.#deps = deps
  }

  /** From now on nothing counts as in place because a copy shows it so. */
  distrust(): void {
    for (const applied of this.#applied.values()) applied.wanted = ''
  }

  /** @throws what may go better the next time; the status says it already, if it could be written */
  async reconcile(name: string): Promise<void> {
    const schedule = this.#deps.schedules.get(name)
    if (!schedule || schedule.metadata.deletionTimestamp) {
      this.#applied.delete(name)
      this.#statuses.delete(name)
      return
    }
    const { outcome, cronJob, error } = await this.#settle(schedule)
    await this.#report(schedule, outcome, cronJob)
    if (error) throw error
  }

  async #settle(schedule: AlertSchedule): Promise<Settled> {
    const { cronJobs, cluster, template, clock, logger } = this.#deps
    const { name } = schedule.metadata
    const existing = cronJobs.get(name)
    const own = existing && isOwn(existing, schedule) ? existing : undefined
    const refused = (reason: Outcome['reason'], message: string, error?: unknown): Settled => ({
      outcome: { ready: false, reason, message: message.slice(0, 1000) },
      cronJob: own,
      error,
    })
    const problem = problemOf(schedule)
    if (problem) return refused('Invalid', problem)
    if (existing && !own)
      return refused('NameTaken', 'There is a CronJob of this name that was not made for this AlertSchedule.')
    const last = this.#applied.get(name)
    const before = newest(own, last && isOwn(last.cronJob, schedule) ? last.cronJob : undefined)
    const cronJob = cronJobFor(schedule, template, notBeforeOf(before, schedule, clock.now()))
    const wanted = JSON.stringify(cronJob)
    const outcome = schedule.spec.suspend ? suspended : done
    if (own && last?.wanted === wanted && isStill(own, last.cronJob)) return { outcome, cronJob: own }
    try {
      const applied = await cluster.applyCronJob(cronJob, !before)
      this.#applied.set(name, { wanted, cronJob: applied })
      const change = changeOf(before, applied)
      if (change) {
        logger.info({ schedule: name, change }, 'CronJob changed')
        await this.#tell(schedule, { type: 'Normal', reason: change, note: `CronJob ${name} ${notes[change]}.` })
      }
      return { outcome, cronJob: applied }
    } catch (error) {
      // Somebody was quicker, and the copy will show it: nothing to tell anybody yet.
      if (codeOf(error) === 409) throw error
      // 400 and 422 are final: the server has read it. All else may pass: a quota, a role, a server that is away.
      const isFinal = [400, 422].includes(codeOf(error) ?? 0)
      return isFinal ? refused('Refused', wordsOf(error)) : refused('Failed', wordsOf(error), error)
    }
  }

  async #report(schedule: AlertSchedule, outcome: Outcome, cronJob: V1CronJob | undefined): Promise<void> {
    const { cluster, clock, logger } = this.#deps
    const { name, resourceVersion } = schedule.metadata
    const written = this.#statuses.get(name)
    // The copy is from before our last write: what we wrote is newer.
    const status = written?.resourceVersion === resourceVersion ? written.status : schedule.status
    const next = statusOf({ ...schedule, ...(status && { status }) }, cronJob, outcome, clock.now())
    if (isDeepStrictEqual(next, status)) return
    try {
      await cluster.applyStatus(schedule, next)
    } catch (error) {
      // It is gone, or another one has its name, which is dealt with by itself.
      if ([404, 409].includes(codeOf(error) ?? 0)) return
      throw error
    }
    this.#statuses.set(name, { resourceVersion, status: next })
    const { reason, message: note } = outcome
    const before = readyCondition(status)
    if (outcome.ready || (before?.reason === reason && before.message === note)) return
    logger.warn({ schedule: name, reason, why: note }, 'AlertSchedule is not ready')
    await this.#tell(schedule, { type: 'Warning', reason, note })
  }

  /** An event that cannot be written holds nothing up. */
  async #tell(schedule: AlertSchedule, event: EventNote): Promise<void> {
    // 1024 bytes, at most.
    const note = event.note.length > 500 ? `${event.note.slice(0, 500)}...` : event.note
    await this.#deps.cluster
      .createEvent(schedule, { ...event, note })
      .catch((error) => this.#deps.logger.warn({ reason: wordsOf(error) }, 'an event was not written'))
  }
}

const done: Outcome = { ready: true, reason: 'Applied', message: 'The CronJob is in place.' }
const suspended: Outcome = { ready: true, reason: 'Suspended', message: 'The CronJob is in place and suspended.' }

const notes = { Created: 'was made', Updated: 'was brought in line' } as const

/** Of the copy and what was last written the one that is newer: the copy, once it has caught up. */
function newest(copy: V1CronJob | undefined, written: V1CronJob | undefined): V1CronJob | undefined {
  if (!copy || copy.metadata?.uid !== written?.metadata?.uid) return copy ?? written
  return written!.metadata!.generation! > copy.metadata!.generation! ? written : copy
}

/** Whether nothing of the CronJob but its status is other than when it was applied. The generation moves with the spec. */
const isStill = ({ metadata: now }: V1CronJob, { metadata: then }: V1CronJob): boolean =>
  now?.uid === then?.uid &&
  now?.generation === then?.generation &&
  isDeepStrictEqual([now?.labels, now?.annotations], [then?.labels, then?.annotations])

/** What an apply has changed; undefined when nothing. The generation moves with the spec alone. */
function changeOf(before: V1CronJob | undefined, after: V1CronJob): keyof typeof notes | undefined {
  if (before?.metadata?.uid !== after.metadata?.uid) return 'Created'
  return before?.metadata?.generation === after.metadata?.generation ? undefined : 'Updated'
}
