import type { LogEvent, Scope } from '#internal/events/event'
import { type Change, changeOf } from '#internal/stream/visibility'

/** An event made ready for sockets: serialised once, with what is needed to decide who gets it. */
export interface Entry {
  position: number
  scope: Scope
  /** The text frame; undefined for events that only this process acts on. */
  frame: string | undefined
  at: Date
  event: LogEvent['event']
  traceparent: string | null
  /** For inbox frames that show an alert: its id. */
  alertId?: number
  /** For an alert to all: the version of the directory of objects that was alerted. Objects made later must not see it. */
  directoryVersion?: number
  /** For a message that was posted: its place in its conversation. */
  seq?: number
  /** For events that say who sees a conversation. */
  change?: Change
}

/** Inboxes have frames of their own (the alert itself), and scopes of their own, so each event has one frame. */
export function entryOf(event: LogEvent): Entry {
  const { position, scope, at, traceparent } = event
  const entry = { position, scope, at, traceparent, event: event.event }
  if (scope !== 'objects' && !scope.startsWith('object:')) return streamEntry(event, entry)
  if (event.event === 'session.revoked') return { ...entry, frame: undefined }
  const data = JSON.parse(event.data)
  if (event.event === 'alert.receipt_advanced') {
    const { alert_id, delivered_at, read_at, acknowledged_at } = data
    const frame = { type: 'receipt', alert_id, delivered_at, read_at, acknowledged_at, position }
    return { ...entry, frame: JSON.stringify(frame) }
  }
  const { id, text, severity, created_at } = data
  return {
    ...entry,
    frame: JSON.stringify({ id, text, severity, created_at, position }),
    alertId: id,
    ...(scope === 'objects' ? { directoryVersion: data.directory_version } : {}),
  }
}

function streamEntry(event: LogEvent, entry: Omit<Entry, 'frame'>): Entry {
  const frame = streamFrame(event)
  if (event.event === 'message.posted') return { ...entry, frame, seq: JSON.parse(event.data).seq }
  const change = changeOf(event)
  return change ? { ...entry, frame, change } : { ...entry, frame }
}

function streamFrame({ position, scope, event, at, data }: LogEvent): string {
  return `{"type":"event","position":${position},"scope":"${scope}","event":"${event}","at":"${at.toISOString()}","data":${data}}`
}
