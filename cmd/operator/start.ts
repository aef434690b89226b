import type { V1CronJob } from '@kubernetes/client-node'
import type { Base } from '#internal/platform/base'
import { systemClock } from '#internal/runtime/clock'
import { PlainError } from '#internal/runtime/plain-error'
import type { Lifecycle } from '#internal/runtime/run'
import { withSpan } from '#internal/telemetry/tracing'
import { type AlertSchedule, group, plural, readyCondition, version } from './alert-schedule.ts'
import { createCluster } from './cluster.ts'
import type { OperatorConfig } from './config.ts'
import { readJobTemplate } from './cron-job.ts'
import { Kube, wordsOf } from './kube.ts'
import { Leader } from './lease.ts'
import { WorkQueue } from './queue.ts'
import { Reconciler } from './reconcile.ts'
import { type Watched, watch } from './watch.ts'

/** Everything is looked at again so often, in case that a change was missed. */
const resyncMs = 10 * 60_000
const countMs = 5000

/**
 * Starts the operator. Every one keeps copies of what there is, and is ready when it has them; the one that leads acts on them.
 * @throws PlainError about the template of Jobs
 */
export async function startOperator(lifecycle: Lifecycle, base: Base, config: OperatorConfig): Promise<void> {
  const { logger, metrics, readiness } = base
  const { pod } = config
  const { namespace } = pod
  const template = await readJobTemplate(config.OPERATOR_JOB_TEMPLATE, config.OPERATOR_JOB_IMAGE)
  const kube = new Kube()
  const cluster = createCluster(kube, pod)

  const queue = new WorkQueue({
    work: (name) => timed(base, () => reconciler.reconcile(name)),
    onError: (error, schedule, attempt) =>
      logger[attempt === 0 ? 'warn' : 'debug']({ schedule, reason: wordsOf(error) }, 'reconcile failed, trying again'),
    onDepth: (depth) => metrics.operatorQueueDepth.set(depth),
    workers: 2,
  })
  const isOther = otherSpec()
  const watched = { kube, namespace, logger, metrics }
  const schedules = watch<AlertSchedule>({
    ...watched,
    path: `/apis/${group}/${version}/namespaces/${namespace}/${plural}`,
    list: cluster.listSchedules,
    changed({ metadata: { name } }) {
      // Changes of the status alone are our own.
      if (isOther(name, schedules.get(name))) queue.add(name)
    },
  })
  lifecycle.onStop('watch of AlertSchedules', schedules.stop)
  // All of them: one that is not ours may have a name that is needed. Most have none that matters.
  const cronJobs = watch<V1CronJob>({
    ...watched,
    path: `/apis/batch/v1/namespaces/${namespace}/cronjobs`,
    list: cluster.listCronJobs,
    changed({ metadata }) {
      const name = metadata!.name!
      if (schedules.get(name)) queue.add(name)
    },
  })
  lifecycle.onStop('watch of CronJobs', cronJobs.stop)
  const reconciler = new Reconciler({ schedules, cronJobs, cluster, template, clock: systemClock, logger })

  const everything = () => {
    reconciler.distrust()
    for (const { metadata } of schedules.list()) queue.add(metadata.name)
  }
  const leader = new Leader({
    kube: new Kube(4000),
    namespace,
    lease: config.OPERATOR_LEASE,
    identity: pod.name,
    onLeading() {
      logger.info('leading')
      metrics.operatorLeader.set(1)
      queue.start()
      everything()
    },
    onLost: (why) => lifecycle.shutdown(new PlainError(`Not leading any more: ${why}.`)),
    logger,
  })
  lifecycle.onStop('lease', () => leader.stop())
  lifecycle.onStop('queue', () => queue.stop())
  repeat(lifecycle, 'resync', resyncMs, everything)
  repeat(lifecycle, 'count', countMs, () => leader.isLeading() && count(base, schedules))

  for (const [name, { synced }] of Object.entries({ alertschedules: schedules, cronjobs: cronJobs })) {
    let isSynced = false
    void synced.then(() => {
      isSynced = true
    })
    readiness.add(name, () => isSynced)
  }
  void Promise.all([schedules.synced, cronJobs.synced]).then(() => leader.start())
}

/** Whether the AlertSchedule of that name, if there is one, is other than when this was last asked. */
function otherSpec(): (name: string, schedule: AlertSchedule | undefined) => boolean {
  const seen = new Map<string, string>()
  return (name, schedule) => {
    if (!schedule) {
      seen.delete(name)
      return true
    }
    const { uid, generation, deletionTimestamp } = schedule.metadata
    const state = `${uid} ${generation} ${deletionTimestamp}`
    const isOther = seen.get(name) !== state
    seen.set(name, state)
    return isOther
  }
}

async function timed({ metrics }: Base, work: () => Promise<void>): Promise<void> {
  const end = metrics.operatorReconcileSeconds.startTimer()
  try {
    await withSpan('reconcile AlertSchedule', { root: true }, work)
    metrics.operatorReconciles.inc({ outcome: 'success' })
  } catch (error) {
    metrics.operatorReconciles.inc({ outcome: 'error' })
    throw error
  } finally {
    end()
  }
}

function count({ metrics }: Base, schedules: Watched<AlertSchedule>): void {
  const all = schedules.list()
  const ready = all.filter(({ status }) => readyCondition(status)?.status === 'True').length
  metrics.operatorResources.set({ ready: 'true' }, ready)
  metrics.operatorResources.set({ ready: 'false' }, all.length - ready)
}

function repeat(lifecycle: Lifecycle, name: string, ms: number, work: () => unknown): void {
  const timer = setInterval(work, ms)
  lifecycle.onStop(name, () => clearInterval(timer))
}
