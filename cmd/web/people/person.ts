export interface Named {
  username: string
  first_name: string | null
  last_name: string | null
}

/** Undefined for who has told none. */
export const fullName = ({ first_name, last_name }: Omit<Named, 'username'>): string | undefined =>
  [first_name, last_name].filter(Boolean).join(' ') || undefined

/** Whether what somebody types may mean this person: each word of it begins a word of the name, or is in the username. */
export function isMeant(person: Named, typed: string): boolean {
  const username = person.username.toLocaleLowerCase()
  const names = wordsOf(fullName(person) ?? '')
  return wordsOf(typed).every((word) => username.includes(word) || names.some((name) => name.startsWith(word)))
}

const wordsOf = (text: string) => text.toLocaleLowerCase().split(/\s+/).filter(Boolean)
