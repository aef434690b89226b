import { type Db, prepared } from '#internal/db/pool'
import { emit } from '#internal/log/outbox'
import type { Clock } from '#internal/runtime/clock'
import { hashSecret, newSecret } from '#internal/runtime/ids'
import { isIntId } from './object.ts'

/** What tells an inbox token from the other credentials. */
export const inboxTokenPrefix = 'bx_'

export interface InboxToken {
  /** A new token has a new id, so that sockets opened with the old one can be told apart. */
  token_id: number
  object_id: number
  /** Of the object: an alert to all of the directory's version V is for it when this is V or less. */
  created_version: number
}

// An object that is removed has no token.
const byHashes = {
  name: 'inbox_tokens_by_hashes',
  text: `
    select k.n::int, t.id as token_id, t.object_id, o.created_version
    from unnest($1::bytea[]) with ordinality k(hash, n)
    join inbox_tokens t on t.token_hash = k.hash
    join objects o on o.id = t.object_id`,
}

/** The tokens with these SHA-256 hashes, in their order; undefined for one that is unknown. One query for any number. */
export async function findInboxTokens(db: Db, hashes: readonly Buffer[]): Promise<(InboxToken | undefined)[]> {
  const found: (InboxToken | undefined)[] = hashes.map(() => undefined)
  for (const { n, ...token } of await prepared<InboxToken & { n: number }>(db, byHashes, [hashes])) found[n - 1] = token
  return found
}

/**
 * A new token that opens the object's inbox; the one before ends, and so do sockets that were opened with it.
 * It is not kept and cannot be shown again. Undefined when the object is unknown or removed.
 */
export async function issueInboxToken(db: Db, objectId: number, clock: Clock): Promise<string | undefined> {
  if (!isIntId(objectId)) return undefined
  return db.transaction(async (trx) => {
    // The lock makes two that issue at once take turns, and a removal wait.
    const object = trx('objects').where({ id: objectId }).whereNull('removed_version')
    if (!(await object.forNoKeyUpdate().first('id'))) return undefined
    const [old] = await trx('inbox_tokens').where({ object_id: objectId }).delete().returning('id')
    const token = inboxTokenPrefix + newSecret()
    await trx('inbox_tokens').insert({ object_id: objectId, token_hash: hashSecret(token), created_at: clock.now() })
    if (old) {
      const data = { object_id: objectId, token_id: old.id }
      await emit(trx, [{ scope: `object:${objectId}`, event: 'session.revoked', data }], clock.now())
    }
    return token
  })
}
