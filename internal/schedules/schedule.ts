/** An alert to raise, as the API takes one, but with a deadline that counts from the firing. */
export interface AlertContent {
  text: string
  severity: 'info' | 'warning' | 'critical'
  alert_all: boolean
  object_ids: number[]
  acknowledge_within_minutes?: number | undefined
  channels?: ('inbox' | 'email' | 'sms' | 'webhook')[] | undefined
  escalate_to?: number[] | undefined
}

export interface MessageContent {
  conversation_id: number
  body: string
}

/** When: once, or at every time that a cron expression names on the clocks of a time zone. */
export type Timing = { at: Date; cron: null; time_zone: null } | { at: null; cron: string; time_zone: string }

/** What. */
export type Content = { kind: 'alert'; content: AlertContent } | { kind: 'message'; content: MessageContent }

export interface Owner {
  id: number
  username: string
  role: 'admin' | 'dispatcher' | 'member'
}

export type Schedule = Timing &
  Content & {
    id: number
    owner_id: number
    /** Username. */
    owner: string
    name: string | null
    paused: boolean
    /** The earliest due time that has not been dealt with; null when none comes, or while paused. */
    next_at: Date | null
    last_fired_at: Date | null
    /** Why the last firing failed; null when it did not. */
    last_error: string | null
    created_at: Date
  }

/** As many as one account may have. */
export const maxSchedules = 500

export const mayScheduleAlerts = ({ role }: Pick<Owner, 'role'>) => role !== 'member'

/** One's own; dispatchers those of alerts as well; an admin all. */
export const maySee = (schedule: Pick<Schedule, 'owner_id' | 'kind'>, caller: Owner) =>
  schedule.owner_id === caller.id || caller.role === 'admin' || (schedule.kind === 'alert' && mayScheduleAlerts(caller))

export const scheduleView = (schedule: Schedule) => ({
  id: schedule.id,
  owner: schedule.owner,
  name: schedule.name,
  at: schedule.at?.toISOString() ?? null,
  cron: schedule.cron,
  time_zone: schedule.time_zone,
  alert: schedule.kind === 'alert' ? schedule.content : null,
  message: schedule.kind === 'message' ? schedule.content : null,
  paused: schedule.paused,
  next_at: schedule.next_at?.toISOString() ?? null,
  last_fired_at: schedule.last_fired_at?.toISOString() ?? null,
  last_error: schedule.last_error,
  created_at: schedule.created_at.toISOString(),
})
