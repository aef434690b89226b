import { formatNumber } from '../../shared/plural.ts'
import type { Directory } from './directory.ts'

/** What a list in a text may be separated by. */
const separators = /[\n\r\t,;]+/

/** Whether a text is several addresses, numbers or ids, as copied from a table or a mail. */
export const isList = (text: string): boolean => entriesIn(text).length > 1

/** Finds each entry by its id, its e-mail address or its phone number; all whose address or number it is. */
export function findPasted({ recipients, byId }: Directory, text: string): { ids: number[]; unknown: string[] } {
  const byAddress = new Map<string, number[]>()
  for (const { id, email, phone_number, phone_e164 } of recipients)
    for (const address of [email, phone_number, phone_e164].map(same))
      byAddress.set(address, [...(byAddress.get(address) ?? []), id])
  const ids = new Set<number>()
  const unknown: string[] = []
  for (const entry of entriesIn(text)) {
    const id = idIn(entry)
    const found = id !== undefined && byId.has(id) ? [id] : byAddress.get(same(entry))
    if (found) for (const one of found) ids.add(one)
    else unknown.push(entry)
  }
  return { ids: [...ids], unknown }
}

const entriesIn = (text: string): string[] => text.split(separators).map(bare).filter(Boolean).flatMap(apart)

/** Spaces separate what is clearly several addresses or ids. Else they belong to a phone number. */
function apart(entry: string): string[] {
  const words = entry.split(/\s+/)
  return words.every((word) => word.includes('@') || word.startsWith('#')) ? words : [entry]
}

/** `Ann <ann@example.com>` is `ann@example.com`. */
const bare = (entry: string): string => (/<([^<>]+)>/.exec(entry)?.[1] ?? entry).trim()

/** The id that an entry says. */
export const idIn = (entry: string): number | undefined => {
  const digits = /^#?(\d{1,10})$/.exec(entry)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** The same for every way to write an address or a phone number. */
export const same = (address: string): string =>
  /[a-z@]/i.test(address) ? address.toLowerCase() : address.replace(/[^\d+]/g, '')

const shownUnknown = 10

/** What came of a list: "2 added, 1 had been chosen, 1 not found: who@example.com". */
export function addedWords(added: number, found: number, unknown: readonly string[]): string {
  const had = found - added
  const parts = [`${formatNumber(added)} added`]
  if (had > 0) parts.push(`${formatNumber(had)} had been chosen`)
  const more = unknown.length > shownUnknown ? ' …' : ''
  if (unknown.length > 0)
    parts.push(`${formatNumber(unknown.length)} not found: ${unknown.slice(0, shownUnknown).join(', ')}${more}`)
  return parts.join(', ')
}
