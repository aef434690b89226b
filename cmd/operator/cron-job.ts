import { readFile } from 'node:fs/promises'
import { loadYaml, type V1Container, type V1CronJob, type V1JobTemplateSpec } from '@kubernetes/client-node'
import { alertTemplate } from '#internal/alerts/template'
import { PlainError } from '#internal/runtime/plain-error'
import { type AlertSchedule, apiVersion, kind } from './alert-schedule.ts'

export const manager = 'belfry-operator'
/** On the CronJob, its Jobs and their pods: the name of the AlertSchedule. */
export const nameLabel = 'belfry.dev/alert-schedule'
/** On the CronJob: due times before it are passed over. */
const notBeforeAnnotation = 'belfry.dev/not-before'

/** Names of the alert's fields, here and in the API. */
const fields = {
  text: 'text',
  severity: 'severity',
  alertAll: 'alert_all',
  objectIds: 'object_ids',
  channels: 'channels',
  acknowledgeWithinMinutes: 'acknowledge_within_minutes',
  escalateTo: 'escalate_to',
} as const
type Field = keyof typeof fields

/**
 * The template of the Jobs: the operator fills in what differs.
 * @param image instead of the first container's, wherever the pod has that one
 * @throws PlainError when the file has none
 */
export async function readJobTemplate(file: string, image?: string): Promise<V1JobTemplateSpec> {
  const wrong = (why: string) => new PlainError(`BELFRY_OPERATOR_JOB_TEMPLATE: ${file} ${why}.`)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw wrong(`cannot be read (${error.code})`)
  })
  let template: V1JobTemplateSpec | undefined
  try {
    template = loadYaml(text)
  } catch {
    throw wrong('is neither YAML nor JSON')
  }
  const pod = template?.spec?.template?.spec
  const first = pod?.containers?.[0]
  if (!template || !first) throw wrong('has no spec.template.spec.containers')
  const replaced = first.image
  for (const container of [...(pod.initContainers ?? []), ...pod.containers])
    if (image && container.image === replaced) container.image = image
  return template
}

/** What the API would not take in the alert, in a line; undefined when it would take it. Finds what the CRD's rules cannot say. */
export function problemOf({ spec }: AlertSchedule): string | undefined {
  const result = alertTemplate.safeParse(inApiNames(spec.alert))
  if (result.success) return undefined
  const ours = Object.fromEntries(Object.entries(fields).map(([mine, api]) => [api, mine]))
  return result.error.issues
    .slice(0, 5)
    .map(
      ({ path: [field, ...rest], message }) => `${['spec.alert', ours[String(field)], ...rest].join('.')} ${message}`,
    )
    .join('; ')
}

function inApiNames(alert: AlertSchedule['spec']['alert']): Record<string, unknown> {
  const given = Object.entries(alert).filter(([name]) => name in fields)
  return Object.fromEntries(given.map(([name, value]) => [fields[name as Field], value]))
}

/** What the job `raise` reads as BELFRY_ALERT. Kubernetes replaces `$(NAME)` in values: no dollar stays in it. */
export function orderOf({ metadata, spec }: AlertSchedule, notBefore?: string): string {
  const order = {
    raised_by: `alertschedule/${metadata.name}`,
    ...(notBefore && { not_before: notBefore }),
    alert: inApiNames(spec.alert),
  }
  return JSON.stringify(order).replaceAll('$', '\\u0024')
}

/**
 * Since when the times are what they are; undefined for a CronJob that is new. Kubernetes makes up for times that a CronJob has missed, and
 * counts those as missed that came while it was suspended, or that only its new schedule has: nobody wants these. Pure.
 */
export function notBeforeOf(before: V1CronJob | undefined, { spec }: AlertSchedule, now: Date): string | undefined {
  if (!before?.spec) return undefined
  const { schedule, timeZone, suspend } = before.spec
  const isSame = schedule === spec.schedule && timeZone === spec.timeZone && suspend === spec.suspend
  return isSame ? before.metadata?.annotations?.[notBeforeAnnotation] : now.toISOString()
}

/** The CronJob as it should be: the fields that the operator owns, for a server-side apply. Pure. */
export function cronJobFor(schedule: AlertSchedule, template: V1JobTemplateSpec, notBefore?: string): V1CronJob {
  const { metadata, spec } = schedule
  const own = { [nameLabel]: metadata.name }
  const job = template.spec!
  const pod = job.template.spec!
  const [first, ...others] = pod.containers
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace,
      labels: { ...template.metadata?.labels, ...own, 'app.kubernetes.io/managed-by': manager },
      ...(notBefore && { annotations: { [notBeforeAnnotation]: notBefore } }),
      ownerReferences: [
        { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: {
      schedule: spec.schedule,
      timeZone: spec.timeZone,
      suspend: spec.suspend,
      startingDeadlineSeconds: spec.startingDeadlineSeconds,
      // A due time that comes while the one before is still being raised waits for it, up to the deadline.
      concurrencyPolicy: 'Forbid',
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...own } },
        spec: {
          ...job,
          // It goes on trying for as long as the alert may be late.
          activeDeadlineSeconds: spec.startingDeadlineSeconds,
          template: {
            ...job.template,
            metadata: { ...job.template.metadata, labels: { ...job.template.metadata?.labels, ...own } },
            spec: { ...pod, containers: [withAlert(first!, orderOf(schedule, notBefore)), ...others] },
          },
        },
      },
    },
  }
}

function withAlert(container: V1Container, order: string): V1Container {
  const alert = { name: 'BELFRY_ALERT', value: order }
  // The name of the Job has the due time in it: however often it runs, it raises one alert.
  const fieldPath = "metadata.labels['batch.kubernetes.io/job-name']"
  const key = { name: 'BELFRY_ALERT_KEY', valueFrom: { fieldRef: { fieldPath } } }
  const others = (container.env ?? []).filter(({ name }) => name !== alert.name && name !== key.name)
  return { ...container, env: [...others, alert, key] }
}

/** Whether the CronJob was made for this very AlertSchedule, and not for one of the same name before it, or by somebody else. */
export const isOwn = (cronJob: V1CronJob, { metadata: { uid } }: AlertSchedule): boolean =>
  cronJob.metadata?.ownerReferences?.some((owner) => owner.uid === uid && owner.controller === true) ?? false
