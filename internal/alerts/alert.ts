/** How urgent; the default is the first. */
export const severities = ['info', 'warning', 'critical'] as const
export type Severity = (typeof severities)[number]

/** Ways to reach an object. The inbox is always one of them. */
export const channels = ['inbox', 'email', 'sms', 'webhook'] as const
export type Channel = (typeof channels)[number]

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
  /** In the order of `channels` above, the inbox first. */
  channels: Channel[]
  /** Id of the alert that was not acknowledged in time, for one that was raised because of that. */
  escalates: number | null
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
  /** Besides the inbox. */
  channels?: readonly Channel[]
  /** Objects that get an alert of their own when somebody has not acknowledged by `acknowledgeBy`. */
  escalateTo?: number[]
  escalates?: number
}
