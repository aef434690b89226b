import { activityCursor } from '#cmd/api/http/activity'
import { encodeCursor } from '#cmd/api/http/pages'
import type { HttpLoad } from '../clients/http-load.ts'
import type { Remote } from '../remote.ts'
import { accountToken } from '../seed.ts'
import { type HistorySize, reader, seedHistory } from '../seed-history.ts'
import { median, percentile, round, times } from '../stats.ts'
import { info, type Row } from '../table.ts'
import type { Database, Workbench } from '../workbench.ts'

const bar = 1.5
/** Different conversations, and places in a long one, that a measurement goes round. */
const different = 200
const api = '/api/v1'
/** What reads next to nothing. */
const baseline = 'GET /me beside them'

/** A seeded database behind an api of its own. */
interface Site {
  port: number
  paths: Record<string, string[]>
}

/** Pages as one account reads them, one at a time, where a hundred times as much is stored: they must take as long. */
export async function pages(workbench: Workbench): Promise<Row[]> {
  const few: HistorySize = { topics: 100, messages: 10_000 }
  const many: HistorySize = workbench.quick
    ? { topics: 1000, messages: 100_000 }
    : { topics: 10_000, messages: 1_000_000 }
  // Many short turns: what else the machine does then falls on both alike.
  const rounds = workbench.quick ? 4 : 16
  const seconds = workbench.quick ? 0.1 : 0.25
  const sites = [await open(workbench, few), await open(workbench, many)] as const
  const http = workbench.program<HttpLoad>('clients/http-load.ts')

  const kinds = Object.keys(sites[0].paths)
  const latencies = new Map(kinds.map((kind) => [kind, sites.map((): number[] => [])]))
  // The first round is compiled, planned and read from disk: no part of a latency.
  for (let i = 0; i <= rounds; i++) {
    for (const kind of kinds)
      for (const [n, site] of sites.entries()) {
        const measured = await measure(http, site, kind, i === 0 ? 0.5 : seconds)
        if (i > 0) latencies.get(kind)![n]!.push(...measured)
      }
  }
  return kinds.map((kind) => {
    const [little, much] = latencies.get(kind)! as [number[], number[]]
    const ratio = median(much) / median(little)
    const figure = `${spread(much)}; of ${round(few.messages)} ${spread(little)}`
    const what = `pages: ${kind}, of ${round(many.messages)} messages`
    if (kind === baseline) return info(what, figure, times(ratio))
    return { what, figure, ratio: times(ratio), bar: `p50 at most ${bar} x`, met: ratio <= bar }
  })
}

const spread = (values: number[]) => `p50 ${round(median(values))} / p99 ${round(percentile(values, 0.99))} ms`

async function measure(
  http: Remote<HttpLoad>,
  { port, paths }: Site,
  kind: string,
  seconds: number,
): Promise<number[]> {
  const requests = { kind: 'get', paths: paths[kind]!, token: accountToken(reader) } as const
  return (await http.ask('closedLoop', { port, requests, clients: 1, seconds })).latencies
}

async function open(workbench: Workbench, size: HistorySize): Promise<Site> {
  const database = await workbench.database(`pages-${size.messages}`)
  const start = performance.now()
  await seedHistory(database, size)
  workbench.say(`${round(size.messages)} messages made in ${round((performance.now() - start) / 1000)} s`)
  const { port } = await workbench.role('api', database)
  return { port, paths: await pathsOf(database, size) }
}

/** What is measured, by its name in the table. */
async function pathsOf({ db }: Database, { topics, messages }: HistorySize): Promise<Site['paths']> {
  const own: number[] = await db('members').where({ account_id: reader }).orderBy('joined_at').pluck('conversation_id')
  const visible: number[] = await db('conversations')
    .where({ kind: 'topic', visibility: 'public' })
    .where('id', '>', 1)
    .orderByRaw('md5(id::text)')
    .limit(different)
    .pluck('id')
  const everywhere = Array.from({ length: different }, (_, n) => Math.ceil(((n + 0.5) / different) * messages))
  return {
    topics: [`${api}/topics`],
    'topics in the middle': [`${api}/topics?after=${await middle(db, topics)}`],
    'newest messages': visible.map((id) => `${api}/conversations/${id}/messages`),
    'messages before one': visible.map((id) => `${api}/conversations/${id}/messages?before=70`),
    'messages in the middle of a long topic': everywhere.map(
      (n) => `${api}/conversations/1/messages?before=${Math.ceil(n / 10)}`,
    ),
    'conversations of 500': [`${api}/conversations`],
    'one conversation with its unread count': own.map((id) => `${api}/conversations/${id}`),
    'search for a word of every hundredth message': Array.from(
      { length: 100 },
      (_, n) => `${api}/search?q=hundred${n}`,
    ),
    'search for one message': everywhere.map((n) => `${api}/search?q=${n}`),
    [baseline]: [`${api}/me`],
  }
}

async function middle(db: Database['db'], topics: number): Promise<string> {
  const row = await db('conversations')
    .where({ kind: 'topic', visibility: 'public' })
    .orderBy('last_activity_at', 'desc')
    .offset(Math.round(topics * 0.4))
    .first('id', 'last_activity_at')
  return encodeCursor(activityCursor(row))
}
