/** Bytes of an event's frame with a position of four digits. */
export const frameBytes = 1024

const at = '2026-01-01T00:00:00.000Z'
const frame = (position: number, data: object) =>
  `{"type":"event","position":${position},"scope":"alerts","event":"alert.raised","at":"${at}","data":${JSON.stringify(data)}}`
const view = (text: string) => ({ id: 1, text, severity: 'info' })

/** What the event carries. */
export const eventData = view('x'.repeat(frameBytes - frame(1000, view('')).length))

const [head, tail] = frame(1000, eventData).split('1000') as [string, string]

/** The very frame that Belfry sends to /api/v1/stream for an event of the log. */
export const eventFrame = (position: number): string => head + position + tail

/** The same as an object, for a library that serialises by itself. */
export const eventObject = (position: number): object => ({
  type: 'event',
  position,
  scope: 'alerts',
  event: 'alert.raised',
  at,
  data: eventData,
})
