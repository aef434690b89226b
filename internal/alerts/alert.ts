/** How urgent; the default is the first. */
export const severities = ['info', 'warning', 'critical'] as const
export type Severity = (typeof severities)[number]

/** More are sent with alert_all, whose cost does not depend on the number. */
export const maxListedObjects = 10_000
export const maxTextLength = 4000

export interface Alert {
  id: number
  text: string
  severity: Severity
  alert_all: boolean
  /** The objects really targeted: present when it was raised, each once. */
  number_of_objects_receiving_alert: number
  acknowledge_by: Date | null
  /** Username. */
  raised_by: string
  created_at: Date
  /** Of an alert to all: the directory's version that was alerted, and the newest object in it. Null for listed ones. */
  directory_version: number | null
  last_object_id: number | null
}

/** Who an alert is for. `alertAll` wins over a list. */
export interface Raise {
  text: string
  severity: Severity
  alertAll: boolean
  objectIds: number[]
  acknowledgeBy: Date | null
  raisedBy: string
}
