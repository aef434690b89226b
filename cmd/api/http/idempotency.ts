import { createHash } from 'node:crypto'
import type { Db } from '#internal/db/pool'
import { invalidField, Problem } from '#internal/runtime/problem'
import type { Answer } from './route.ts'

const keptMs = 24 * 60 * 60 * 1000

export interface IdempotentRequest {
  accountId: number
  key: string
  method: string
  path: string
  raw: Buffer
  now: Date
}

/** @throws 422 for a key that is not 1 to 255 visible ASCII characters. */
export function checkKey(key: string): string {
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw invalidField('Idempotency-Key', 'must be 1 to 255 visible ASCII characters')
  return key
}

/**
 * Runs `work` once per account and key within 24 hours; later calls get its answer again. The work, the answer and the advisory lock
 * share one transaction: a crash leaves no key behind, done or running, and errors are not kept.
 * @throws 409 while another one runs; 422 when the key was used for something else.
 */
export function idempotently(db: Db, request: IdempotentRequest, work: (trx: Db) => Promise<Answer>): Promise<Answer> {
  const { accountId, key, now } = request
  const fingerprint = fingerprintOf(request)
  return db.transaction(async (trx) => {
    await takeKey(trx, accountId, key)
    const kept = await trx('idempotency_keys').where({ account_id: accountId, key }).first()
    if (kept && kept.created_at.getTime() > now.getTime() - keptMs) {
      if (!fingerprint.equals(kept.fingerprint))
        throw new Problem('invalid', 'idempotency_key_reused', 'This Idempotency-Key was used for another request.')
      return {
        status: kept.status,
        body: JSON.parse(kept.body) ?? undefined,
        headers: { 'idempotency-replayed': 'true' },
      }
    }
    const answer = await work(trx)
    const row = { account_id: accountId, key, fingerprint, status: answer.status, created_at: now }
    await trx('idempotency_keys')
      .insert({ ...row, body: JSON.stringify(answer.body ?? null) })
      .onConflict(['account_id', 'key'])
      .merge()
    return answer
  })
}

/** Should this process freeze, PostgreSQL ends the transaction, and with it the lock, after eight idle seconds. */
async function takeKey(trx: Db, accountId: number, key: string): Promise<void> {
  const { rows } = await trx.raw(
    `select set_config('idle_in_transaction_session_timeout', '8000', true),
       pg_try_advisory_xact_lock(hashtextextended(?, 0)) as held`,
    [`${accountId}:${key}`],
  )
  if (!rows[0].held)
    throw new Problem('conflict', 'idempotency_key_running', 'A request with this Idempotency-Key is running.', {
      retryAfter: 1,
    })
}

function fingerprintOf({ method, path, raw }: IdempotentRequest): Buffer {
  return createHash('sha256').update(`${method} ${path}\n`).update(raw).digest()
}
