import type { Friend } from '../api/views.ts'
import { isMeant, type Named } from './person.ts'

export interface PeopleSections {
  /** Who waits for one's answer, the oldest first. */
  asked: Friend[]
  friends: Friend[]
  /** Whom one has asked. */
  requested: Friend[]
  /** Neither, found by what is typed. */
  others: Named[]
}

/** What the list shows for what is typed. `accounts`: what the server found for it. */
export function peopleSections(
  all: { friends: Friend[]; accounts: Named[]; me: string },
  typed: string,
): PeopleSections {
  const meant = all.friends.filter((friend) => isMeant(friend, typed))
  const inState = (state: Friend['state']) => meant.filter((friend) => friend.state === state)
  const known = new Set([all.me, ...all.friends.map(({ username }) => username)])
  return {
    asked: inState('asked').sort((a, b) => a.since.localeCompare(b.since)),
    friends: inState('friend'),
    requested: inState('requested'),
    others: all.accounts.filter((account) => !known.has(account.username) && isMeant(account, typed)),
  }
}
