import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import type { Schedule } from '../../api/views.ts'
import { loadUpTo, type Paged } from '../../shared/paged.ts'
import { cronWords } from './timing.ts'

const atMost = 1000
/** No event says that one has fired. */
const everyMs = 15_000

export const schedulesQuery = queryOptions({
  queryKey: ['schedules'],
  queryFn: async ({ signal }) =>
    (await loadUpTo((path) => api.get<Paged<Schedule>>(path, { signal }), '/schedules', atMost)).items,
  staleTime: 0,
  refetchInterval: everyMs,
})

/** The next to come first, then those that are paused, then those that are over. */
export function inOrder(schedules: readonly Schedule[]): Schedule[] {
  const rank = ({ next_at, paused }: Schedule) => (next_at !== null ? 0 : paused ? 1 : 2)
  return schedules.toSorted(
    (a, b) => rank(a) - rank(b) || (a.next_at ?? '').localeCompare(b.next_at ?? '') || b.id - a.id,
  )
}

export const withSchedule = (list: readonly Schedule[], schedule: Schedule): Schedule[] => [
  schedule,
  ...list.filter(({ id }) => id !== schedule.id),
]

/** What it is called: by its name, else by what it says. */
export const scheduleTitle = ({ name, alert, message }: Schedule): string => name ?? alert?.text ?? message?.body ?? ''

/** "Once", "Every day at 09:00". */
export const repeatWords = ({ cron }: Schedule): string => (cron === null ? 'Once' : cronWords(cron))
