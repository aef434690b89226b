import type { Findings } from '../system/findings.ts'
import type { Thing, World } from '../world/world.ts'
import { type AlertJudge, entitlement, type KnownAlert, type RollCallCounts } from './alerts.ts'
import type { Reader } from './rest.ts'

export interface RollCallOptions {
  world: World
  reader: Reader
  findings: Findings
  alerts: AlertJudge
}

interface Item {
  object_id: number
  delivered_at: string | null
  read_at: string | null
  acknowledged_at: string | null
}

// An index of `people` who may dispatch.
const dispatcher = 1

/** Reads every inbox and every roll-call and holds them against each other, and against what clients got and said. */
export async function checkRollCalls(options: RollCallOptions): Promise<void> {
  const holders = new Map<number, Set<number>>()
  for (const thing of options.world.things) await checkInbox(options, thing, holders)
  for (const alert of options.alerts.byId.values())
    await checkRollCall(options, alert, holders.get(alert.id) ?? new Set())
}

/** Collects who has which alert in `holders`. */
async function checkInbox(
  { reader, findings, alerts }: RollCallOptions,
  thing: Thing,
  holders: Map<number, Set<number>>,
) {
  const has = new Set<number>()
  let last = 0
  for await (const items of reader.pagesOf(dispatcher, `/api/v1/objects/${thing.id}/inbox`))
    for (const { id, position } of items) {
      if (has.has(id)) findings.add('repeated', `alert ${id} in the inbox of ${thing.id}`)
      if (position <= last) findings.add('out of order', `alert ${id} in the inbox of ${thing.id}`)
      last = position
      has.add(id)
      if (!holders.has(id)) holders.set(id, new Set())
      holders.get(id)!.add(thing.id)
    }
  for (const alert of alerts.byId.values()) {
    const entitled = entitlement(alert, thing)
    if (entitled === 'yes' && !has.has(alert.id)) findings.add('lost', `alert ${alert.id} in the inbox of ${thing.id}`)
    if (entitled === 'no' && has.has(alert.id))
      findings.add('not entitled', `alert ${alert.id} in the inbox of ${thing.id}`)
    // Where only the database knows, its answers are to agree: what the client got is what the inbox has.
    if (alert.received.has(thing.id) && !has.has(alert.id))
      findings.add('not entitled', `alert ${alert.id} came to ${thing.id} and is not in its inbox`)
    has.delete(alert.id)
  }
  for (const id of has) findings.add('never written', `alert ${id} in the inbox of ${thing.id}`)
}

async function checkRollCall(options: RollCallOptions, alert: KnownAlert, holders: Set<number>): Promise<void> {
  const { reader, findings, world } = options
  const body = await reader.body(dispatcher, `/api/v1/alerts/${alert.id}/roll-call?limit=200`)
  const { counts, items } = body as { counts: RollCallCounts; items: Item[] }
  const what = `the roll-call of alert ${alert.id}`
  if (alert.count !== holders.size || items.length !== holders.size || counts.targeted !== holders.size)
    findings.add('roll-call', `${what}: for ${alert.count}, ${items.length} in it, ${holders.size} inboxes have it`)
  for (const item of items) checkItem(options, alert, item)
  const sums = { delivered: 0, read: 0, acknowledged: 0 }
  for (const item of items)
    for (const state of ['delivered', 'read', 'acknowledged'] as const) if (item[`${state}_at`]) sums[state]++
  if (sums.delivered !== counts.delivered || sums.read !== counts.read || sums.acknowledged !== counts.acknowledged)
    findings.add('roll-call', `${what} counts ${JSON.stringify(counts)} and lists ${JSON.stringify(sums)}`)
  // Every client has been there again since: it has told by its cursor what it got.
  const got = world.things.filter(({ id }) => alert.received.has(id)).length
  if (sums.delivered < got) findings.add('lost', `${what}: delivered to ${sums.delivered}, ${got} have got it`)
}

/** No time in it is before what it speaks of. */
function checkItem({ findings, world }: RollCallOptions, alert: KnownAlert, item: Item): void {
  for (const [state, truth] of [
    ['delivered', alert.received],
    ['read', alert.read],
    ['acknowledged', alert.acknowledged],
  ] as const) {
    const at = item[`${state}_at`]
    const known = truth.get(item.object_id)
    if (at !== null && (known === undefined || Date.parse(at) - world.startedAt < known))
      findings.add('ahead of truth', `alert ${alert.id} ${state} by ${item.object_id} at ${at}, in truth ${known}`)
    if (at === null && known !== undefined && state !== 'delivered')
      findings.add('lost', `alert ${alert.id} ${state} by ${item.object_id} at ${known}`)
  }
}
