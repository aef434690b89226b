import type { Knex } from 'knex'
import { hashSecret } from '#internal/runtime/ids'

/** A dispatcher's session token; the same in every bench database. */
export const dispatcherToken = 'd'.repeat(64)

/** The session token of an account that `seedMembers` made. */
export const accountToken = (accountId: number): string => accountId.toString(16).padStart(64, '0')

/** The inbox token of an object: known to everybody who knows its id, so that load programs need no list. */
export const inboxToken = (objectId: number): string => `bx_${objectId.toString(16).padStart(64, '0')}`

/** Makes the dispatcher and `objects` objects with the ids 1 to `objects`, and with `tokens` the inbox token of each. */
export async function seed(db: Knex, { objects, tokens }: { objects: number; tokens: boolean }): Promise<void> {
  const { rows } = await db.raw(
    `insert into accounts (username, role, password_hash, created_at) values ('bench', 'dispatcher', 'none', now())
     returning id`,
  )
  await db.raw(
    `insert into sessions (account_id, token_hash, created_at, expires_at) values (?, ?, now(), now() + interval '1 day')`,
    [rows[0].id, hashSecret(dispatcherToken)],
  )
  // As if each had been created on its own: every creation is a version of the directory.
  await db.raw(
    `with directory as (
       update object_directory set version = version + :n, total = total + :n returning version - :n as base
     )
     insert into objects (email, phone_number, phone_e164, created_at, created_version)
     select 'o' || n || '@example.com', '212-555-1234', '+12125551234', now(), base + n
     from directory, generate_series(1, :n::int) n`,
    { n: objects },
  )
  if (tokens)
    await db.raw(
      `insert into inbox_tokens (object_id, token_hash, created_at)
       select id, sha256(convert_to('bx_' || lpad(to_hex(id), 64, '0'), 'UTF8')), now() from objects`,
    )
  await db.raw('analyze')
}
