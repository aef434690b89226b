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
    const id = Number(/^#?(\d{1,10})$/.exec(entry)?.[1])
    return byId.has(id) ? id : byAddress.get(same(entry))
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

/** The same for every way to write an address or a phone number. */
const same = (address: string): string =>
  /[a-z@]/i.test(address) ? address.toLowerCase() : address.replace(/[^\d+]/g, '')
