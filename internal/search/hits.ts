import type { Db } from '#internal/db/pool'

/** Around each matching word of a snippet. Private-use characters: no text has them, so none can pretend. */
export const matchStart = '\u{E000}'
export const matchEnd = '\u{E001}'

/** A message with where it is and the place in it that matches. */
export interface Hit {
  id: number
  conversation_id: number
  seq: number
  /** Username. */
  author: string
  author_id: number
  body: string | null
  reply_to: number | null
  created_at: Date
  edited_at: Date | null
  deleted_at: Date | null
  /** Of the conversation. */
  kind: 'topic' | 'group' | 'direct'
  name: string | null
  snippet: string
}

/** The messages of these ids in their order, without those that were deleted meanwhile. */
export async function loadHits(db: Db, text: string, ids: readonly number[]): Promise<Hit[]> {
  if (ids.length === 0) return []
  const { rows } = await db.raw(
    `select m.id, m.conversation_id, m.seq, a.username as author, m.author_id, m.body, m.reply_to, m.created_at, m.edited_at,
       m.deleted_at, c.kind, c.name,
       ts_headline('simple', translate(m.body, :marks, ''), websearch_to_tsquery('simple', :text), :options) as snippet
     from unnest(:ids::bigint[]) with ordinality as found (id, place)
     join messages m on m.id = found.id and m.deleted_at is null
     join accounts a on a.id = m.author_id
     join conversations c on c.id = m.conversation_id
     order by found.place`,
    { ids, text, marks: matchStart + matchEnd, options: `StartSel=${matchStart}, StopSel=${matchEnd}` },
  )
  return rows
}
