import type { DeadLetter } from '#internal/log/dead-letters'

/** What names the thing. An event's data, which may hold what people wrote, is not for an admin to read here. */
const referenceFields = [
  ...['alert_id', 'object_id', 'channel', 'round'],
  ...['kind', 'conversation_id', 'account_id', 'seq'],
  ...['position', 'scope', 'event', 'at'],
]

export const deadLetterView = ({ id, source, state, error, at, replayed_at, payload }: DeadLetter) => ({
  id,
  source,
  state,
  error,
  at: at.toISOString(),
  replayed_at: replayed_at?.toISOString() ?? null,
  reference: referenceOf(JSON.parse(payload)),
})

function referenceOf(payload: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(referenceFields.filter((name) => name in payload).map((name) => [name, payload[name]]))
}
