import type { StreamEvent } from '#internal/client/index'
import { api } from '../api/api.ts'
import type { Status } from '../api/views.ts'
import type { FedQuery } from '../live/fed.ts'

export const statusKey = (username: string) => ['status', username.toLowerCase()] as const

/** The status of somebody. Events of it come only while it is watched: see `useStatus`. */
export const statusQuery = (username: string): FedQuery<Status> => ({
  queryKey: statusKey(username),
  load: (signal) => api.get<Status>(`/accounts/${username}/status`, { signal }),
  reduce: (status, event) => reduceStatus(status, event, username),
})

/** The same event again changes nothing. */
export function reduceStatus(known: Status, { event, data }: StreamEvent, username: string): Status {
  if (event !== 'status.set' && event !== 'status.expired') return known
  const { username: whose, status, expires_at } = data as Status & { username: string }
  return whose.toLowerCase() === username.toLowerCase() ? { status, expires_at } : known
}

/** What somebody's status is at `now`: one that is over is none, whether or not the server has said so yet. */
export function statusAt({ status, expires_at }: Status, now: Date): { text: string; endsAt: string } | undefined {
  if (status === null || expires_at === null || new Date(expires_at) <= now) return undefined
  return { text: status, endsAt: expires_at }
}
