import {
  BatchV1Api,
  CustomObjectsApi,
  EventsV1Api,
  type KubernetesListObject,
  PatchStrategy,
  setHeaderOptions,
  type V1CronJob,
  V1MicroTime,
} from '@kubernetes/client-node'
import {
  type AlertSchedule,
  type AlertScheduleStatus,
  apiVersion,
  group,
  kind,
  plural,
  version,
} from './alert-schedule.ts'
import { manager } from './cron-job.ts'
import type { Kube } from './kube.ts'

export interface EventNote {
  type: 'Normal' | 'Warning'
  reason: string
  note: string
}

/** The requests that the operator makes, all in its own namespace. Each throws an ApiException with the server's answer. */
export interface Cluster {
  listSchedules(): Promise<KubernetesListObject<AlertSchedule>>
  listCronJobs(): Promise<KubernetesListObject<V1CronJob>>
  /**
   * Makes the CronJob or brings the fields that it names in line, whoever else has set them. Returns it as it is then.
   * @param isNew 409 if there is one of that name already
   */
  applyCronJob(cronJob: V1CronJob, isNew: boolean): Promise<V1CronJob>
  /** Replaces the status, unless the AlertSchedule is gone (404), or another one by now (409). */
  applyStatus(schedule: AlertSchedule, status: AlertScheduleStatus): Promise<void>
  createEvent(schedule: AlertSchedule, event: EventNote): Promise<void>
}

const asApply = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply)
const apply = { fieldManager: manager, force: true }

/** What an apply names that must find nothing: an object that is there has another version, one that is made gets its own. */
const noVersion = '1'

export function createCluster(kube: Pick<Kube, 'makeApiClient'>, pod: { name: string; namespace: string }): Cluster {
  const { namespace } = pod
  const batch = kube.makeApiClient(BatchV1Api)
  const custom = kube.makeApiClient(CustomObjectsApi)
  const events = kube.makeApiClient(EventsV1Api)
  const kindOfOurs = { group, version, plural, namespace }
  return {
    listSchedules: () => custom.listNamespacedCustomObject(kindOfOurs),
    listCronJobs: () => batch.listNamespacedCronJob({ namespace }),
    applyCronJob(cronJob, isNew) {
      const { name } = cronJob.metadata!
      const metadata = { ...cronJob.metadata, ...(isNew && { resourceVersion: noVersion }) }
      return batch.patchNamespacedCronJob({ name: name!, namespace, body: { ...cronJob, metadata }, ...apply }, asApply)
    },
    async applyStatus({ metadata: { name, uid } }, status) {
      const body = { apiVersion, kind, metadata: { name, namespace, uid }, status }
      await custom.patchNamespacedCustomObjectStatus({ ...kindOfOurs, name, body, ...apply }, asApply)
    },
    async createEvent({ metadata: { name, uid } }, event) {
      const body = {
        metadata: { generateName: `${name}-`, namespace },
        ...event,
        action: 'Reconcile',
        eventTime: new V1MicroTime(),
        reportingController: 'belfry.dev/operator',
        reportingInstance: pod.name,
        regarding: { apiVersion, kind, name, namespace, uid },
      }
      await events.createNamespacedEvent({ namespace, body })
    },
  }
}
