import { api } from '../api/api.ts'
import type { Friend } from '../api/views.ts'
import { type FedQuery, reload } from '../live/fed.ts'
import { loadUpTo, type Paged } from '../shared/paged.ts'

const atMost = 2000

/** One's friends and the requests of both sides, by username. */
export const friendsQuery: FedQuery<Friend[]> = {
  queryKey: ['friends'],
  load: async (signal) =>
    (await loadUpTo((path) => api.get<Paged<Friend>>(path, { signal }), '/me/friends', atMost)).items,
  // Rare, and who became what is the server's to say.
  reduce: (list, { event }) => (event.startsWith('friend.') ? reload : list),
}

/** The list with what has become of one person in it; in the order of the API. */
export function withFriend(list: Friend[], username: string, friend: Friend | undefined): Friend[] {
  const rest = list.filter((one) => one.username !== username)
  if (!friend) return rest
  return [...rest, friend].sort((a, b) => {
    const [one, other] = [a.username.toLowerCase(), b.username.toLowerCase()]
    return one < other ? -1 : one > other ? 1 : 0
  })
}
