import type { Alert, Schedule } from '../../api/views.ts'
import { count } from '../../shared/plural.ts'
import type { Channel } from '../channels.ts'
import { recipientWord } from '../words.ts'

/** What a form about an alert holds. The names are those of the API, which says by them what is wrong. */
export type AlertValues = {
  text: string
  severity: Alert['severity']
  /** Nobody is meant until somebody has said so. */
  audience: 'all' | 'chosen' | ''
  object_ids: number[]
  channels: Channel[]
  /** Minutes from when it is raised, '' for never, or 'at' for the time of `acknowledge_at`. */
  acknowledge_by: string
  /** As `<input type="datetime-local">` has it. */
  acknowledge_at: string
  escalate_to: number[]
}

export const emptyAlert: AlertValues = {
  text: '',
  severity: 'info',
  audience: '',
  object_ids: [],
  channels: ['inbox'],
  acknowledge_by: '',
  acknowledge_at: '',
  escalate_to: [],
}

/** What one need not ask the server for. */
export function checkAlert(values: AlertValues): Partial<Record<keyof AlertValues, string>> {
  const { text, audience, object_ids, acknowledge_by, acknowledge_at } = values
  return {
    ...(text.trim() === '' && { text: 'What is it about?' }),
    ...(audience === '' && { audience: 'Who gets it?' }),
    ...(audience === 'chosen' && object_ids.length === 0 && { object_ids: 'Choose who gets it' }),
    ...(acknowledge_by === 'at' && acknowledge_at === '' && { acknowledge_at: 'By when?' }),
  }
}

/** The fields that an alert and a schedule's alert have in common. */
export function alertBody({
  text,
  severity,
  audience,
  object_ids,
  channels,
  acknowledge_by,
  escalate_to,
}: AlertValues) {
  return {
    text,
    severity,
    channels,
    ...(audience === 'all' ? { alert_all: true } : { object_ids }),
    ...(acknowledge_by !== '' && escalate_to.length > 0 && { escalate_to }),
  }
}

/** The deadline of an alert that is raised at `now`; undefined for none. */
export function deadlineOf({ acknowledge_by, acknowledge_at }: AlertValues, now: Date): string | undefined {
  if (acknowledge_by === '') return undefined
  if (acknowledge_by === 'at') return new Date(acknowledge_at).toISOString()
  return new Date(now.getTime() + Number(acknowledge_by) * 60_000).toISOString()
}

/** How many it goes to; undefined while nobody knows. `everybody` is the number of all, where that is known. */
export function tallyOf({ audience, object_ids }: AlertValues, everybody: number | undefined): number | undefined {
  return audience === 'all' ? everybody : audience === 'chosen' ? object_ids.length : undefined
}

/** What the button says before anything is sent. */
export function raiseWords(values: AlertValues, everybody: number | undefined): string {
  const tally = tallyOf(values, everybody)
  if (tally !== undefined && tally > 0) return `Raise to ${count(tally, recipientWord)}`
  return values.audience === 'all' && everybody === undefined ? 'Raise to everyone' : 'Raise'
}

/** The values of an alert that a schedule sends. */
export const valuesOf = (alert: NonNullable<Schedule['alert']>): AlertValues => ({
  text: alert.text,
  severity: alert.severity,
  audience: alert.alert_all ? 'all' : 'chosen',
  object_ids: alert.alert_all ? [] : alert.object_ids,
  channels: alert.channels,
  acknowledge_by: alert.acknowledge_within_minutes === undefined ? '' : String(alert.acknowledge_within_minutes),
  acknowledge_at: '',
  escalate_to: alert.escalate_to ?? [],
})
