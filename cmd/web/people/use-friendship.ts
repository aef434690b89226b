import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import { Refused } from '../api/problem.ts'
import type { Friend } from '../api/views.ts'
import { friendsQuery, withFriend } from './friends.ts'

/** What one may do about being friends with somebody. Each takes effect on the screen at once. */
export function useFriendship(username: string) {
  const queries = useQueryClient()
  const keep = (friend: Friend | undefined) =>
    queries.setQueryData<Friend[]>(friendsQuery.queryKey, (list) => list && withFriend(list, username, friend))
  // Something has happened meanwhile: on another device, or on the other side.
  const onError = (error: unknown) => {
    if (error instanceof Refused) void queries.invalidateQueries({ queryKey: friendsQuery.queryKey })
  }
  const ask = useMutation({
    mutationFn: () => api.post<Friend>('/me/friends', { username }),
    onSuccess: keep,
    onError,
  })
  const accept = useMutation({
    mutationFn: () => api.put<Friend>(`/me/friends/${username}`),
    onSuccess: keep,
    onError,
  })
  const remove = useMutation({
    mutationFn: () => api.delete<undefined>(`/me/friends/${username}`),
    onSuccess: () => keep(undefined),
    onError,
  })
  return { ask, accept, remove, error: ask.error ?? accept.error ?? remove.error }
}
