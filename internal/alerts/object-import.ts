import type { Knex } from 'knex'
import { z } from 'zod'
import type { Clock } from '#internal/runtime/clock'
import { parsePhone } from './object.ts'
import type { Contact } from './object-store.ts'

export interface Imported {
  /** Objects that were made, or would have been. */
  created: number
  /** Rows that an object, or a row before them, has already: the same e-mail address, whatever the case, and phone number. */
  duplicates: number
}

// Any number that no other advisory lock of the product uses.
const lockKey = 7_230_014

const email = z.email().max(254)

/** The row as it is stored, or what is wrong with it. `country` is that of numbers without a country code. */
export function checkContact(
  row: { email: string; phone_number: string },
  country: string,
): { contact: Contact } | { problem: string } {
  if (!email.safeParse(row.email).success) return { problem: `email "${row.email}" is not an e-mail address` }
  const phone_e164 = row.phone_number.length > 50 ? undefined : parsePhone(row.phone_number, country)
  if (phone_e164 === undefined) return { problem: `phone_number "${row.phone_number}" is not a phone number` }
  return { contact: { email: row.email, phone_number: row.phone_number, phone_e164 } }
}

/**
 * Makes an object of each contact that is not there yet, in their order, all in one transaction: when `batches` throws, nothing has
 * happened. Contacts wait in a temporary table, so memory holds one batch. The directory, on which every alert and new object
 * waits, is locked for the last insert only. Two imports at once: the second sees what the first has made. A dry run makes nothing.
 */
export function importObjects(
  db: Knex,
  batches: AsyncIterable<Contact[]> | Iterable<Contact[]>,
  clock: Clock,
  { dryRun = false } = {},
): Promise<Imported> {
  return db.transaction(async (trx) => {
    // The pool's time-outs are for requests; here a reader may be slow and a file long.
    await trx.raw('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0')
    await trx.raw(`
      create temporary table object_import (
        line int generated always as identity, email text, phone_number text, phone_e164 text
      ) on commit drop`)
    let rows = 0
    for await (const batch of batches) {
      rows += batch.length
      await trx.raw(
        `insert into object_import (email, phone_number, phone_e164)
         select * from unnest(?::text[], ?::text[], ?::text[])`,
        [batch.map((row) => row.email), batch.map((row) => row.phone_number), batch.map((row) => row.phone_e164)],
      )
    }
    await trx.raw('select pg_advisory_xact_lock(?)', [lockKey])
    await trx.raw('analyze object_import')
    const found = await trx.raw(`
      create temporary table object_import_new on commit drop as
      select distinct on (lower(email), phone_e164) * from object_import i
      where not exists (
        select from objects o
        where o.removed_version is null and lower(o.email) = lower(i.email) and o.phone_e164 = i.phone_e164
      )
      order by lower(email), phone_e164, line`)
    const created: number = found.rowCount
    if (created > 0 && !dryRun) await createAll(trx, created, clock)
    return { created, duplicates: rows - created }
  })
}

/** All of one version of the directory: whoever sees that version sees all of them. */
async function createAll(trx: Knex.Transaction, created: number, clock: Clock): Promise<void> {
  const { rows } = await trx.raw(
    'update object_directory set version = version + 1, total = total + ? returning version',
    [created],
  )
  await trx.raw(
    `insert into objects (email, phone_number, phone_e164, created_at, created_version)
     select email, phone_number, phone_e164, ?::timestamptz, ?::bigint from object_import_new order by line`,
    [clock.now(), rows[0].version],
  )
}
