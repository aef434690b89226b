import { queryOptions } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import type { Me } from '../api/views.ts'
import type { Reduce } from '../live/fed.ts'

const reduce: Reduce<Me> = (me, { event, data }) => (event === 'account.updated' ? { ...me, ...(data as Me) } : me)

/** Who is logged in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.get<Me>('/me', { signal }),
  retry: true,
  meta: { reduce },
})

export const isDispatcher = ({ role }: Me): boolean => role !== 'member'
export const isAdmin = ({ role }: Me): boolean => role === 'admin'
