import { api } from '../../api/api.ts'
import { Refused } from '../../api/problem.ts'
import { type Paged, withPage } from '../../shared/paged.ts'
import type { Recipient } from './directory.ts'
import { idIn, same } from './pasted.ts'

const longestQuery = 100
/** Of those that begin alike. */
const mostAlike = 50

/** Those whom an id, an e-mail address or a phone number names, where the directory does not have everybody. */
export async function lookUp(entry: string): Promise<number[]> {
  const id = idIn(entry)
  const byId = id === undefined ? undefined : await orNone(api.get<Recipient>(`/objects/${id}`))
  if (byId) return [byId.id]
  const query = encodeURIComponent(entry.slice(0, longestQuery))
  const { items } = await api.get<Paged<Recipient>>(withPage(`/objects?query=${query}`, null, mostAlike))
  const isNamed = ({ email, phone_number, phone_e164 }: Recipient) =>
    [email, phone_number, phone_e164].some((address) => same(address) === same(entry))
  return items.filter(isNamed).map(({ id }) => id)
}

async function orNone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return undefined
    throw error
  }
}
