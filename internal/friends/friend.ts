/** How it stands with another account: friends, or one of the two has asked and the other has not answered. */
export const friendStates = ['friend', 'requested', 'asked'] as const
/** `requested` by oneself; `asked` by the other. */
export type FriendState = (typeof friendStates)[number]

export interface Person {
  id: number
  username: string
  first_name: string | null
  last_name: string | null
}

/** One row for each pair, with the smaller id first. */
export interface Friendship {
  low_id: number
  high_id: number
  requested_by: number
  created_at: Date
  /** Null while it is a request. */
  accepted_at: Date | null
}

export interface FriendView {
  username: string
  first_name: string | null
  last_name: string | null
  state: FriendState
  /** When it was asked, or became a friendship. */
  since: string
}

type Standing = Pick<Friendship, 'requested_by' | 'created_at' | 'accepted_at'>

/** The friendship with `other`, as the one on the other side of it sees it. */
export function friendView(other: Person, { requested_by, created_at, accepted_at }: Standing): FriendView {
  return {
    username: other.username,
    first_name: other.first_name,
    last_name: other.last_name,
    state: accepted_at ? 'friend' : requested_by === other.id ? 'asked' : 'requested',
    since: (accepted_at ?? created_at).toISOString(),
  }
}
