import type { AlertTemplate } from '#internal/alerts/template'

export const group = 'belfry.dev'
export const version = 'v1alpha1'
export const plural = 'alertschedules'
export const kind = 'AlertSchedule'
export const apiVersion = `${group}/${version}`

/** As the CRD has it, charts/belfry/files/crds/alertschedules.yaml: the API server has filled in defaults and checked the rules. */
export interface AlertSchedule {
  apiVersion?: string
  kind?: string
  metadata: {
    name: string
    namespace: string
    uid: string
    generation: number
    resourceVersion: string
    /** As the library types it; it is a string. */
    deletionTimestamp?: Date
  }
  spec: {
    schedule: string
    timeZone: string
    suspend: boolean
    startingDeadlineSeconds: number
    alert: {
      text: string
      severity: AlertTemplate['severity']
      alertAll?: boolean
      objectIds?: number[]
      channels?: NonNullable<AlertTemplate['channels']>
      acknowledgeWithinMinutes?: number
      escalateTo?: number[]
    }
  }
  status?: AlertScheduleStatus
}

/** Times are RFC 3339 in UTC, to the second. */
export interface AlertScheduleStatus {
  observedGeneration?: number
  lastScheduleTime?: string
  lastSuccessfulTime?: string
  nextScheduleTime?: string
  conditions?: Condition[]
}

export interface Condition {
  type: 'Ready'
  status: 'True' | 'False'
  observedGeneration: number
  lastTransitionTime: string
  reason: string
  message: string
}

export const readyCondition = (status: AlertScheduleStatus | undefined): Condition | undefined =>
  status?.conditions?.find(({ type }) => type === 'Ready')
