import type { Knex } from 'knex'
import { isUnavailable } from '#internal/db/errors'
import type { Db } from '#internal/db/pool'
import { Problem } from '#internal/runtime/problem'

/** `queued`: somebody asked for it to be tried again, and a worker has yet to do so. */
export const deadLetterStates = ['dead', 'queued', 'replayed'] as const
export type DeadLetterState = (typeof deadLetterStates)[number]

/** Something that was given up on. */
export interface DeadLetter {
  id: number
  /** A consumer group, `marks`, or `delivery:` and a channel. */
  source: string
  /** Of an event. */
  position: number | null
  /** JSON text: the event, the mark, or what names the delivery. */
  payload: string
  /** Why, the last time. */
  error: string
  at: Date
  state: DeadLetterState
  replayed_at: Date | null
}

export interface HandleOptions<T> {
  /** The group or queue, as shown with the dead letter. */
  source: string
  handle: (trx: Knex.Transaction, item: T) => Promise<void>
  describe: (item: T) => { position: number | null; payload: string }
  onDeadLetter: () => void
}

/**
 * Handles items one by one, each in a savepoint. An item whose handler fails for a reason of its own is put into `dead_letters`,
 * with the reason, and the rest goes on; when PostgreSQL is the reason, the whole transaction fails and is tried again.
 */
export async function handleEach<T>(trx: Knex.Transaction, items: T[], options: HandleOptions<T>): Promise<void> {
  for (const item of items) {
    const error = await attempt(trx, (savepoint) => options.handle(savepoint, item))
    if (error === undefined) continue
    await storeDeadLetter(trx, { source: options.source, ...options.describe(item), error })
    options.onDeadLetter()
  }
}

export async function storeDeadLetter(
  db: Db,
  letter: Pick<DeadLetter, 'source' | 'position' | 'payload' | 'error'>,
): Promise<void> {
  await db('dead_letters').insert(letter)
}

/** What went wrong; undefined when nothing did. @throws when PostgreSQL is the reason. */
export async function attempt(
  trx: Knex.Transaction,
  work: (savepoint: Knex.Transaction) => Promise<void>,
): Promise<string | undefined> {
  try {
    await trx.transaction(work)
    return undefined
  } catch (error) {
    if (isUnavailable(error)) throw error
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  }
}

/** Newest first, those with an id below `before`. */
export async function listDeadLetters(
  db: Db,
  state: DeadLetterState,
  before: number | undefined,
  limit: number,
): Promise<DeadLetter[]> {
  const query = db('dead_letters').where({ state }).orderBy('id', 'desc').limit(limit)
  if (before !== undefined) query.where('id', '<', before)
  return query
}

/**
 * Has a worker try a dead letter again, once: an event or a mark is handled again, a delivery gets all its attempts again. If that fails
 * the letter is dead again, with the new reason.
 * @throws Problem not_found; conflict when that was asked for already.
 */
export async function replayDeadLetter(db: Db, id: number): Promise<DeadLetter> {
  const [letter] = await db('dead_letters').where({ id, state: 'dead' }).update({ state: 'queued' }).returning('*')
  if (letter) return letter
  if (!(await db('dead_letters').where({ id }).first('id'))) throw notFound()
  throw new Problem('conflict', 'dead_letter_replayed', 'This dead letter is being tried again, or was.')
}

/** Forgets a dead letter, and with it a replay that has not begun. @throws Problem not_found. */
export async function deleteDeadLetter(db: Db, id: number): Promise<void> {
  if ((await db('dead_letters').where({ id }).delete()) === 0) throw notFound()
}

const notFound = () => new Problem('not_found', 'dead_letter_not_found', 'There is no such dead letter.')
