import type { StreamEvent } from '#internal/client/index'
import { api } from '../../api/api.ts'
import type { Alert } from '../../api/views.ts'
import type { FedQuery } from '../../live/fed.ts'
import { type Paged, withPage } from '../../shared/paged.ts'

/** Pages of 200 of what was raised since: an escalation comes soon after its alert. */
const mostPages = 5

/** The alert that was raised because this one was not acknowledged in time; null while there is none. */
export const escalationQuery = (alertId: number): FedQuery<Alert | null> => ({
  queryKey: ['alerts', alertId, 'escalation'],
  load: async (signal) => {
    let after: string | null = null
    for (let pages = 0; pages < mostPages; pages++) {
      const { items, next }: Paged<Alert> = await api.get(withPage('/alerts', after), { signal })
      const found = items.find(({ escalates }) => escalates === alertId)
      if (found) return found
      if (next === null || items.at(-1)!.id <= alertId) return null
      after = next
    }
    return null
  },
  reduce: (found, { event, data }: StreamEvent) =>
    event === 'alert.raised' && (data as Alert).escalates === alertId ? (data as Alert) : found,
})
