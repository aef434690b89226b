import { bodyOf, type Writes } from '../record/writes.ts'
import type { Findings } from '../system/findings.ts'
import type { Room, World } from '../world/world.ts'
import type { Memberships } from './memberships.ts'
import type { History } from './messages.ts'
import type { ReceiptJudge } from './receipts.ts'
import type { Reader } from './rest.ts'

export interface HistoryOptions {
  world: World
  writes: readonly Writes[]
  reader: Reader
  findings: Findings
  histories: ReadonlyMap<number, History>
  receipts: ReceiptJudge
  memberships: Memberships
}

/** Reads every conversation as its members see it, page by page, and holds it against the log. */
export async function checkHistories(options: HistoryOptions): Promise<void> {
  for (const room of options.world.rooms) await checkHistory(options, room)
  for (const room of options.world.rooms) await checkDoor(options, room)
  for (const account of options.world.people.keys()) await checkCounts(options, account)
}

async function checkHistory({ world, writes, reader, findings, histories }: HistoryOptions, room: Room): Promise<void> {
  const history = histories.get(room.id)!
  let seq = 0
  let page = 0
  for (let more = true; more; ) {
    // Each page is read by another member.
    const account = room.stable[page++ % room.stable.length]!
    const { items, next } = await reader.body(
      account,
      `/api/v1/conversations/${room.id}/messages?limit=200&after=${seq}`,
    )
    for (const item of items) {
      const [writer, n] = [history.writers.get(seq), history.numbers.get(seq)]
      const body = bodyOf(writer, n, writes[writer]?.get(n).sentAt ?? 0)
      const author = world.people[history.authors.get(seq)]?.name
      if (item.seq !== seq + 1 || item.id !== history.ids.get(seq) || item.body !== body || item.author !== author)
        findings.add('history', `conversation ${room.id}: behind seq ${seq} comes ${JSON.stringify(item)}`)
      seq = item.seq
    }
    more = next !== null
  }
  if (seq !== history.length)
    findings.add('history', `conversation ${room.id} ends at ${seq}, in the log at ${history.length}`)
}

/** Who is in, or may read because it is public, reads; nobody else. */
async function checkDoor({ world, reader, findings, memberships }: HistoryOptions, room: Room): Promise<void> {
  for (const account of world.people.keys()) {
    const isIn = memberships.steps(account, room.id) % 2 === 1
    const { status } = await reader.get(account, `/api/v1/conversations/${room.id}/messages?limit=1`)
    if (status !== (isIn || room.isPublic ? 200 : 404))
      findings.add('not entitled', `account ${account} reads conversation ${room.id}, in it: ${isIn}: ${status}`)
  }
}

/** What an account has read is what it said, and what is left to read is the rest; of conversations that it was in all the time. */
async function checkCounts(
  { world, reader, findings, histories, receipts }: HistoryOptions,
  account: number,
): Promise<void> {
  for await (const items of reader.pagesOf(account, '/api/v1/conversations'))
    for (const { id, read_seq, unread_count } of items) {
      const room = world.rooms.find((each) => each.id === id)
      if (!room?.stable.includes(account)) continue
      const said = receipts.saidUpTo(account, id)
      const what = `account ${account} in conversation ${id}: read_seq ${read_seq}, unread_count ${unread_count}`
      if (read_seq !== said) findings.add(read_seq > said ? 'ahead of truth' : 'lost', `${what}, said ${said}`)
      const history = histories.get(id)!
      let unread = 0
      for (let i = read_seq; i < history.length; i++) if (history.authors.get(i) !== account) unread++
      if (unread_count !== unread) findings.add('history', `${what}, unread are ${unread}`)
    }
}
