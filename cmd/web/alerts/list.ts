import type { QueryClient } from '@tanstack/react-query'
import type { StreamEvent } from '#internal/client/index'
import { api } from '../api/api.ts'
import type { Alert } from '../api/views.ts'
import type { FedQuery } from '../live/fed.ts'
import { loadUpTo, type Paged, withPage } from '../shared/paged.ts'

const pageSize = 50
const queryKey = ['alerts']

export const alertKey = (id: number) => [...queryKey, id]

/** Alerts, the newest first, as far as one has scrolled. */
export const alertsQuery = (queries: QueryClient): FedQuery<Paged<Alert>> => ({
  queryKey,
  load: (signal) => {
    const shown = queries.getQueryData<Paged<Alert>>(queryKey)?.items.length ?? 0
    return loadUpTo((path) => api.get<Paged<Alert>>(path, { signal }), '/alerts', Math.max(pageSize, shown))
  },
  reduce: reduceAlerts,
})

/** One of those that are shown. */
export const shownAlert = (queries: QueryClient, id: number): Alert | undefined =>
  queries.getQueryData<Paged<Alert>>(queryKey)?.items.find((alert) => alert.id === id)

/** Puts the next page behind what is shown. */
export async function loadOlder(queries: QueryClient): Promise<void> {
  const from = queries.getQueryData<Paged<Alert>>(queryKey)?.next
  if (!from) return
  const page = await api.get<Paged<Alert>>(withPage('/alerts', from, pageSize))
  queries.setQueryData<Paged<Alert>>(queryKey, (list) =>
    list?.next === from ? { items: [...list.items, ...page.items], next: page.next } : list,
  )
}

/** What one has raised is in the list before the stream says so. */
export function addAlert(queries: QueryClient, alert: Alert): void {
  queries.setQueryData<Paged<Alert>>(queryKey, (list) => list && withAlert(list, alert))
  queries.setQueryData(alertKey(alert.id), alert)
}

/** Alerts never change: there are only new ones. */
export function reduceAlerts(list: Paged<Alert>, { event, data }: StreamEvent): Paged<Alert> {
  return event === 'alert.raised' ? withAlert(list, data as Alert) : list
}

/** The list with an alert that it may have already. */
export function withAlert(list: Paged<Alert>, alert: Alert): Paged<Alert> {
  if (list.items.some(({ id }) => id === alert.id)) return list
  const at = list.items.findIndex(({ id }) => id < alert.id)
  // Older than everything that is shown: it comes with its page.
  if (at < 0 && list.next !== null) return list
  return { ...list, items: list.items.toSpliced(at < 0 ? list.items.length : at, 0, alert) }
}
