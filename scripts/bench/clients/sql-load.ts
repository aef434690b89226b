import pg from 'pg'
import { raiseListed } from '#internal/alerts/alert-sql'
import { afterSeq, post } from '#internal/conversations/post'
import { serve } from '../remote.ts'
import { accountOf, textDue, type Writes } from './requests.ts'

// A program that runs the very statement of a POST over plain pg: what the write costs without Belfry's HTTP.

export interface SqlLoadOptions {
  url: string
  writes: Writes
  clients: number
  seconds: number
}

/** The statement and its values of the `n`th write. */
function nextWrite(writes: Writes, client: number, n: number): pg.QueryConfig {
  const [text, now] = [textDue(performance.now()), new Date()]
  if (writes.kind === 'message') {
    const topic = writes.topics[n % writes.topics.length]
    const author_id = accountOf(client)
    const row = { author_id, author: `m${author_id}`, body: text, created_at: now, reply_to: null }
    const rest = afterSeq({ ...row, edited_at: null, deleted_at: null })
    return { ...post, values: [topic, author_id, text, null, now.toISOString(), null, rest] }
  }
  const object = 1 + (n % writes.objects)
  return {
    ...raiseListed,
    values: [text, 'info', null, 'bench', now.toISOString(), null, ['inbox'], null, null, [object]],
  }
}

const handlers = {
  async closedLoop({ url, writes, clients, seconds }: SqlLoadOptions): Promise<{ done: number; seconds: number }> {
    const connections = Array.from({ length: clients }, () => new pg.Client({ connectionString: url }))
    await Promise.all(connections.map((connection) => connection.connect()))
    let done = 0
    const start = performance.now()
    const end = start + seconds * 1000
    await Promise.all(
      connections.map(async (connection, client) => {
        while (performance.now() < end) {
          const { rowCount } = await connection.query(nextWrite(writes, client, done))
          if (rowCount !== 1) throw new Error(`a ${writes.kind} was not written`)
          done++
        }
      }),
    )
    const elapsed = (performance.now() - start) / 1000
    await Promise.all(connections.map((connection) => connection.end()))
    return { done, seconds: elapsed }
  },
}

export type SqlLoad = typeof handlers
serve(handlers)
