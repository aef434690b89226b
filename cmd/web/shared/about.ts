import { queryOptions } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import type { About } from '../api/views.ts'

/** How this installation is set up. What only admins may know is there for an admin only. */
export const aboutQuery = (viewer: 'anybody' | 'admin') =>
  queryOptions({
    queryKey: ['about', viewer],
    queryFn: ({ signal }) => api.get<About>('/about', { signal }),
  })
