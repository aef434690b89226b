import { Refused } from '../../api/problem.ts'
import type { Schedule } from '../../api/views.ts'
import { type AlertValues, alertBody, checkAlert, emptyAlert, valuesOf } from '../raise/alert-values.ts'
import { checkTiming, emptyTiming, type TimingValues, timingBody, timingOf } from './timing.ts'

/** What the form about a schedule holds; fields that its alert, message and time have under the API's own names. */
export type ScheduleValues = AlertValues &
  TimingValues & {
    name: string
    what: 'alert' | 'message'
    /** An id, or '' while none is chosen. */
    conversation_id: string
    body: string
  }

export const valuesOfSchedule = (
  schedule: Schedule | undefined,
  { conversation, body, mayAlert }: { conversation: string; body: string; mayAlert: boolean },
): ScheduleValues => ({
  ...(schedule ? timingOf(schedule) : emptyTiming()),
  ...(schedule?.alert ? valuesOf(schedule.alert) : emptyAlert),
  name: schedule?.name ?? '',
  what: schedule ? (schedule.alert ? 'alert' : 'message') : mayAlert && conversation === '' ? 'alert' : 'message',
  conversation_id: String(schedule?.message?.conversation_id ?? conversation),
  body: schedule?.message?.body ?? body,
})

export const checkSchedule = (values: ScheduleValues) => ({
  ...checkTiming(values),
  ...(values.what === 'alert'
    ? checkAlert(values)
    : {
        ...(values.conversation_id === '' && { conversation_id: 'Where to?' }),
        ...(values.body.trim() === '' && { body: 'What does it say?' }),
      }),
})

/** What the API takes: everything of a new one, of another the time only if it is a new one, for what has passed is no time to set. */
export function scheduleBody(values: ScheduleValues, before: Schedule | undefined, mayChangeWords: boolean) {
  const timing = timingBody(values)
  const isSameTime = before && JSON.stringify(timingBody(timingOf(before))) === JSON.stringify(timing)
  return {
    name: values.name.trim() || null,
    ...(!isSameTime && timing),
    ...(mayChangeWords && content(values)),
  }
}

function content(values: ScheduleValues) {
  if (values.what === 'message')
    return { message: { conversation_id: Number(values.conversation_id), body: values.body } }
  const within = values.acknowledge_by
  return { alert: { ...alertBody(values), ...(within !== '' && { acknowledge_within_minutes: Number(within) }) } }
}

/** What the API finds wrong with `alert.text` is shown at the field `text`. */
export async function renamed<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const errors = error.fields.map(({ path, message }) => ({ path: fieldOf(path), message }))
    throw new Refused({ status: error.status, code: error.code, detail: error.message, errors })
  }
}

const fieldOf = (path: string): string =>
  path.replace(/^(alert|message)\./, '').replace('acknowledge_within_minutes', 'acknowledge_by')
