import { type Db, prepared } from '#internal/db/pool'
import { emit } from '#internal/log/outbox'
import type { Clock } from '#internal/runtime/clock'
import { type AlertObject, isIntId } from './object.ts'

const columns = ['id', 'email', 'phone_number', 'phone_e164', 'created_at']

/** What a caller may set of an object. */
export type Contact = Pick<AlertObject, 'email' | 'phone_number' | 'phone_e164'>

const insert = {
  name: 'object_insert',
  text: `
    with directory as (
      update object_directory set version = version + 1, total = total + 1 returning version
    )
    insert into objects (email, phone_number, phone_e164, created_at, created_version)
    select $1, $2, $3, $4::timestamptz, version from directory
    returning ${columns.join(', ')}`,
}

export async function createObject(db: Db, contact: Contact, clock: Clock): Promise<AlertObject> {
  const values = [contact.email, contact.phone_number, contact.phone_e164, clock.now()]
  const [object] = await prepared<AlertObject>(db, insert, values)
  return object!
}

const present = (db: Db) => db('objects').whereNull('removed_version')

/** Undefined when unknown or removed. */
export async function findObject(db: Db, id: number): Promise<AlertObject | undefined> {
  return isIntId(id) ? present(db).where({ id }).first(columns) : undefined
}

export interface ObjectFilter {
  /** Beginnings of parts of the e-mail address, or of the phone number with or without its country code. All must be there. */
  query?: string | undefined
  /** The id of the last one seen; 0 for the beginning. */
  after: number
  limit: number
}

/** In the order of ids, up to `limit` rows. */
export async function listObjects(db: Db, { query, after, limit }: ObjectFilter): Promise<AlertObject[]> {
  const rows = present(db).where('id', '>', after).orderBy('id').limit(limit)
  if (query !== undefined) {
    const words = wordsOf(query)
    if (words.length === 0) return []
    rows.whereRaw(`${wordsOfObject} @@ ?::tsquery`, [words.map((word) => `${word}:*`).join(' & ')])
  }
  return rows.select(columns)
}

/** As the index objects_words has it. */
const wordsOfObject = String.raw`array_to_tsvector(array_remove(regexp_split_to_array(
  lower(email) || ' ' || regexp_replace(phone_number, '\D', '', 'g') || ' ' || phone_e164, '[^a-z0-9]+'), ''))`

/** A phone number, however it is grouped, is one word: "+1 (212) 555" is 1212555. */
function wordsOf(query: string): string[] {
  const isNumber = !/[^\d\s()+./-]/.test(query)
  const text = isNumber ? query.replace(/\D/g, '') : query.toLowerCase()
  return text.split(/[^a-z0-9]+/).filter(Boolean)
}

/** Undefined when unknown or removed. */
export async function changeObject(db: Db, id: number, change: Partial<Contact>): Promise<AlertObject | undefined> {
  if (!isIntId(id)) return undefined
  if (Object.keys(change).length === 0) return findObject(db, id)
  const [object] = await present(db).where({ id }).update(change).returning(columns)
  return object
}

/**
 * Takes the object out of the directory and forgets everything but its number, which roll-calls go on showing. Its inbox closes.
 * False when it was unknown or removed already.
 */
export async function removeObject(db: Db, id: number, clock: Clock): Promise<boolean> {
  if (!isIntId(id)) return false
  return db.transaction(async (trx) => {
    // The object first, the directory second: everybody waits on the directory, so it is held as briefly as can be.
    if (!(await present(trx).where({ id }).forUpdate().first('id'))) return false
    await trx('inbox_tokens').where({ object_id: id }).delete()
    await trx('inbox_marks').where({ object_id: id }).delete()
    await emit(
      trx,
      [{ scope: `object:${id}`, event: 'session.revoked', data: { object_id: id, token_id: null } }],
      clock.now(),
    )
    await trx.raw(
      `with directory as (
         update object_directory set version = version + 1, total = total - 1 returning version
       )
       update objects set removed_version = directory.version, email = null, phone_number = null, phone_e164 = null
       from directory where id = ? and removed_version is null`,
      [id],
    )
    return true
  })
}

export interface InboxObject {
  id: number
  /** An alert to all of the directory's version V is for it when this is V or less. */
  created_version: number
}

const inboxObjects = {
  name: 'objects_by_ids',
  text: 'select id, created_version from objects where id = any($1::int[]) and removed_version is null',
}

/** Those of the ids that are present, in any order; one query for any number. */
export async function findInboxObjects(db: Db, ids: number[]): Promise<InboxObject[]> {
  return prepared<InboxObject>(db, inboxObjects, [ids.filter(isIntId)])
}
