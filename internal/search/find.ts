import type { Db } from '#internal/db/pool'
import { invalidField } from '#internal/runtime/problem'

/*
 * Two ways to find the newest matches. Walking from the newest message down is quick where matches are frequent; the index of words
 * is quick where they are rare, but it gives all matches of all conversations in no order. How frequent matches are among what an
 * account may read is known to no statistics, so: a short walk; if that does not fill the page, the index, unless it has too many;
 * if so, a long walk, after which the page may have fewer matches than fit, and the next one goes on where it ended. So no search
 * costs more than these, however many messages there are.
 */
const shortWalk = 2_000
const longWalk = 50_000
/** What the index may give, and how long it may take for that. */
const mostHits = 5_000
const indexMs = 300

export interface Search {
  /** As people write it: words, "phrases", or, -not. */
  text: string
  accountId: number
  /** The one conversation to look in, which the account may read; all that it may read without. */
  conversationId?: number | undefined
  /** Only what is older: a seq where there is a conversation, otherwise an id. */
  before?: number | undefined
  limit: number
}

export interface Page {
  /** Ids of messages, newest first. */
  ids: number[]
  /** `before` of the next page; undefined when there are no more. */
  next: number | undefined
}

/**
 * The newest messages that match. There may be more although fewer than `limit` are found: see `next`.
 * @throws 422 about `q` when it says "not" of "not" of ... more often than PostgreSQL can follow
 */
export function findMessages(db: Db, search: Search): Promise<Page> {
  return db.transaction(
    async (trx) => {
      const { words, indexable } = await understand(trx, search.text)
      if (words === 0) return { ids: [], next: undefined }
      return find(trx, search, indexable)
    },
    // One snapshot: what is posted meanwhile must not move the steps.
    { isolationLevel: 'repeatable read', readOnly: true },
  )
}

async function understand(trx: Db, text: string): Promise<{ words: number; indexable: boolean }> {
  try {
    const { rows } = await trx.raw(
      `select numnode(q) as words, querytree(q) not in ('', 'T') as indexable,
         set_config('jit', 'off', true)
       from websearch_to_tsquery('simple', ?) q`,
      [text],
    )
    return rows[0]
  } catch (error) {
    if ((error as { routine?: string }).routine === 'pushOpStack') throw invalidField('q', 'has too many -')
    throw error
  }
}

interface Match {
  id: number
  /** What pages are ordered by. */
  place: number
}

async function find(trx: Db, search: Search, indexable: boolean): Promise<Page> {
  const near = await walk(trx, search, shortWalk)
  if (near.end === undefined || near.matches.length > search.limit) return pageOf(search, near.matches, near.end)
  const rest = { ...search, before: near.end, limit: search.limit - near.matches.length }
  const hits = indexable ? await indexed(trx, search.text) : undefined
  if (hits) return pageOf(search, [...near.matches, ...(await among(trx, rest, hits))], undefined)
  const far = await walk(trx, rest, longWalk)
  return pageOf(search, [...near.matches, ...far.matches], far.end)
}

function pageOf({ limit }: Search, matches: Match[], end: number | undefined): Page {
  const kept = matches.slice(0, limit)
  return { ids: kept.map(({ id }) => id), next: matches.length > limit ? kept.at(-1)!.place : end }
}

/** Up to `limit + 1` matches among the newest `steps` messages, and where those end if there are older ones. */
async function walk(trx: Db, search: Search, steps: number): Promise<{ matches: Match[]; end: number | undefined }> {
  const { place, within, bindings } = rangeOf(search)
  const matches = await trx.raw(
    `select m.id, m.${place} as place
     from (select * from messages m where ${within} order by m.${place} desc limit :steps) m
     where m.deleted_at is null and m.search @@ websearch_to_tsquery('simple', :text) and ${readable(search)}
     order by m.${place} desc limit :limit + 1`,
    { ...bindings, steps },
  )
  const last = await trx.raw(
    `select m.${place} as place from messages m where ${within} order by m.${place} desc offset :steps - 1 limit 1`,
    { ...bindings, steps },
  )
  return { matches: matches.rows, end: last.rows[0]?.place }
}

/** Ids of every message that matches; undefined when they are too many, or too hard to tell from others with the same words. */
async function indexed(trx: Db, text: string): Promise<number[] | undefined> {
  const attempt = await trx.transaction()
  try {
    // Nothing but the index of words: any other way to the first few thousand is a bet on where they are.
    await attempt.raw(
      `select set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true),
         set_config('statement_timeout', ?, true)`,
      [String(indexMs)],
    )
    const { rows } = await attempt.raw(
      `select id from messages where search @@ websearch_to_tsquery('simple', ?) limit ?`,
      [text, mostHits + 1],
    )
    return rows.length > mostHits ? undefined : rows.map(({ id }: Match) => id)
  } catch (error) {
    if ((error as { code?: string }).code === '57014') return undefined
    throw error
  } finally {
    // Nothing was written, and the settings end with it.
    await attempt.rollback()
  }
}

/** Up to `limit + 1` of the messages. */
async function among(trx: Db, search: Search, ids: number[]): Promise<Match[]> {
  const { place, within, bindings } = rangeOf(search)
  const { rows } = await trx.raw(
    `select m.id, m.${place} as place from messages m
     where m.id = any(:ids) and m.deleted_at is null and ${within} and ${readable(search)}
     order by m.${place} desc limit :limit + 1`,
    { ...bindings, ids },
  )
  return rows
}

function rangeOf({ text, accountId, conversationId, before, limit }: Search) {
  const place = conversationId === undefined ? 'id' : 'seq'
  const within = [
    ...(conversationId === undefined ? [] : ['m.conversation_id = :conversationId']),
    ...(before === undefined ? [] : [`m.${place} < :before`]),
  ]
  const bindings = {
    text,
    accountId,
    limit,
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(before === undefined ? {} : { before }),
  }
  return { place, within: within.length > 0 ? within.join(' and ') : 'true', bindings }
}

/** Whether the account may read the message `m`. Asked of matches alone, each a look at two keys. */
const readable = ({ conversationId }: Search) =>
  conversationId !== undefined
    ? 'true'
    : `(
       select c.deleted_at is null and ((c.kind = 'topic' and c.visibility = 'public') or exists (
         select from members own where own.conversation_id = c.id and own.account_id = :accountId))
       from conversations c where c.id = m.conversation_id)`
