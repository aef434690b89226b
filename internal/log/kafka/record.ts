import type { KafkaMessage, Message } from 'kafkajs'
import type { EventName, LogEvent, Scope } from '#internal/events/event'
import type { Mark } from '#internal/events/mark'

/** An event as it was read from a partition. */
export interface EventRecord {
  event: LogEvent
  /** Position of the event before it in the same partition; 0 for the first. A reader that has not seen that one has a hole. */
  previous: number
}

/** Key: the scope. Value: the event's data, the very text. Everything else is a header. */
export function eventRecord(event: LogEvent, previous: number, partition: number): Message {
  return {
    partition,
    key: event.scope,
    value: event.data,
    headers: {
      position: String(event.position),
      previous: String(previous),
      event: event.event,
      at: event.at.toISOString(),
      ...(event.traceparent === null ? {} : { traceparent: event.traceparent }),
    },
  }
}

/** Undefined when somebody else wrote what is no event of ours. */
export function parseEvent({ key, value, headers }: KafkaMessage): EventRecord | undefined {
  const header = (name: string) => headers?.[name]?.toString()
  const position = Number(header('position'))
  const previous = Number(header('previous'))
  const at = new Date(header('at') ?? '')
  const event = header('event')
  if (!key || !value || !event || !(position > previous && previous >= 0) || Number.isNaN(at.getTime()))
    return undefined
  return {
    previous,
    event: {
      position,
      scope: key.toString() as Scope,
      event: event as EventName,
      at,
      data: value.toString(),
      traceparent: header('traceparent') ?? null,
    },
  }
}

/** Marks of one account or object stay in order. */
export const markKey = (mark: Mark): string =>
  'object_id' in mark ? `object:${mark.object_id}` : `account:${mark.account_id}`

export const markRecord = (mark: Mark, partition: number): Message => ({
  partition,
  key: markKey(mark),
  value: JSON.stringify(mark),
})

/** Undefined when somebody else wrote what is no mark of ours. */
export function parseMark({ value }: KafkaMessage): Mark | undefined {
  try {
    const mark = JSON.parse(value?.toString() ?? '')
    return typeof mark === 'object' && mark !== null && typeof mark.kind === 'string' ? mark : undefined
  } catch {
    return undefined
  }
}
