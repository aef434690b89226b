import type { Friend } from '../api/views.ts'
import { isMeant, type Named } from './person.ts'

/** Whom one may choose by what is typed: friends who are meant, then others who are. Nobody twice, and not oneself. */
export function pickable({
  friends,
  accounts,
  typed,
  me,
}: {
  friends: Friend[]
  /** What the server found. */
  accounts: Named[]
  typed: string
  me: string
}): { near: Named[]; far: Named[] } {
  const near = friends.filter((friend) => friend.state === 'friend' && isMeant(friend, typed))
  const known = new Set([me, ...near.map(({ username }) => username)])
  const starts = ({ username }: Named) => username.toLowerCase().startsWith(typed.trim().toLowerCase())
  const far = accounts.filter((account) => !known.has(account.username) && isMeant(account, typed))
  // Who is called just like what is typed stands before those who have it somewhere in their name.
  return { near, far: [...far.filter(starts), ...far.filter((account) => !starts(account))] }
}
