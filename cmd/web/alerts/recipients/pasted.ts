import { formatNumber } from '../../shared/count.ts'
import type { Directory } from './directory.ts'

/** What a list in a text may be separated by. Spaces are not among them: phone numbers have some. */
const separators = /[\n\r\t,;]+/

/** Whether a text is several addresses, numbers or ids, as copied from a table or a mail. */
export const isList = (text: string): boolean =>
  entriesIn(text).length > 1 || text.split(/\s+/).filter((word) => word.includes('@')).length > 1

/** Finds each entry by its id, its e-mail address or its phone number. */
export function findPasted({ recipients, byId }: Directory, text: string): { ids: number[]; unknown: string[] } {
  const byAddress = new Map<string, number>()
  for (const { id, email, phone_number, phone_e164 } of recipients)
    for (const address of [email, phone_number, phone_e164]) byAddress.set(same(address), id)
  const find = (entry: string): number | undefined => {
    const id = idIn(entry)
    return id !== undefined && byId.has(id) ? id : byAddress.get(same(entry))
  }
  const ids = new Set<number>()
  const unknown: string[] = []
  for (const entry of entriesIn(text)) {
    const whole = find(entry)
    // "3 5 8", unless it is somebody's number.
    for (const part of whole === undefined ? entry.split(/\s+/) : [entry]) {
      const id = find(part)
      if (id === undefined) unknown.push(part)
      else ids.add(id)
    }
  }
  return { ids: [...ids], unknown }
}

const entriesIn = (text: string): string[] => text.split(separators).map(bare).filter(Boolean)

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
