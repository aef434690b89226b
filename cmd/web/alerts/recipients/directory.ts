import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import type { Object as Recipient } from '../../api/views.ts'
import { loadUpTo, type Paged } from '../../shared/paged.ts'

export type { Recipient }

/** Fifty requests. Of more the API finds those that are wanted. */
const atMost = 10_000

export interface Directory {
  recipients: Recipient[]
  byId: ReadonlyMap<number, Recipient>
  /** False when there are more than these. */
  isWhole: boolean
}

/** Everybody whom an alert can go to, which is also how many they are: the API does not say. No event speaks of them. */
export const directoryQuery = queryOptions({
  queryKey: ['recipients', 'directory'],
  queryFn: async ({ signal }): Promise<Directory> => {
    const { items, next } = await loadUpTo((path) => api.get<Paged<Recipient>>(path, { signal }), '/objects', atMost)
    return { recipients: items, byId: new Map(items.map((item) => [item.id, item])), isWhole: next === null }
  },
  staleTime: 30_000,
  structuralSharing: false,
})

/** Those whose address, number or id has the words that one has typed; all without any. */
export function search(recipients: Recipient[], text: string): Recipient[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return recipients
  return recipients.filter((recipient) => {
    const where = `${recipient.email.toLowerCase()} ${recipient.phone_number} ${recipient.phone_e164} #${recipient.id}`
    return words.every((word) => where.includes(word))
  })
}
