import { createPool } from '#internal/db/pool'
import type { World } from '../world/world.ts'
import type { HistoryOptions } from './histories.ts'
import type { ReceiptJudge } from './receipts.ts'

/** Holds every receipt that is stored, those of topics too, of which nobody is told, against what clients got and said. */
export async function checkReceiptRows(
  url: string,
  { people, startedAt }: World,
  receipts: ReceiptJudge,
): Promise<void> {
  const accounts = new Map(people.map(({ id }, i) => [id, i]))
  const db = createPool({ url, max: 1, name: 'prove' })
  try {
    const { rows } = await db.raw('select * from receipts order by at')
    for (const { conversation_id, account_id, kind, after_seq, up_to_seq, at } of rows) {
      const account = accounts.get(account_id) ?? -1
      const claim = { account, room: conversation_id, kind, after: after_seq, upTo: up_to_seq }
      receipts.claim({ ...claim, at: at.getTime() - startedAt }, false)
    }
  } finally {
    await db.destroy()
  }
}

/** The last message of each conversation came to everybody while all was well: everybody has it, says the system. */
export async function checkLastDelivered(options: Omit<HistoryOptions, 'writes' | 'memberships'>): Promise<void> {
  const { world, histories, receipts, reader, findings } = options
  const { rooms, people } = world
  for (const { id, stable } of rooms) {
    const history = histories.get(id)!
    const last = history.ids.get(history.length - 1)
    const { items } = await reader.body(stable[0]!, `/api/v1/messages/${last}/receipts?limit=200`)
    for (const { username, delivered_at } of items) {
      const account = people.findIndex(({ name }) => name === username)
      if (receipts.has(account, id, history.length) !== (delivered_at !== null))
        findings.add('receipt', `message ${last} of conversation ${id} for ${username}: delivered ${delivered_at}`)
    }
  }
}
