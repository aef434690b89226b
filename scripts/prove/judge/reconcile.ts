import type { Follower } from '../clients/followers.ts'
import type { AlertWrite } from '../record/alerts.ts'
import type { Writes } from '../record/writes.ts'
import type { Findings } from '../system/findings.ts'
import type { Step, World } from '../world/world.ts'
import { AlertJudge } from './alerts.ts'
import { InboxJudge } from './inboxes.ts'
import { idOf, type LogRow } from './log-row.ts'
import { Memberships } from './memberships.ts'
import { MessageJudge } from './messages.ts'
import { ReceiptJudge } from './receipts.ts'
import type { Recording } from './recording.ts'
import { StreamJudge } from './streams.ts'
import { Walk } from './walk.ts'

/** Everything that is known of a run but the log itself. */
export interface Evidence {
  world: World
  writes: Writes[]
  alerts: AlertWrite[]
  steps: Step[]
  followers: { follower: Follower; recording: Recording }[]
}

export interface Verdict {
  events: number
  frames: number
  messages: { acknowledged: number; happened: number; vanished: number }
  alerts: { acknowledged: number; unknown: number }
  judges: { messages: MessageJudge; alerts: AlertJudge; receipts: ReceiptJudge; memberships: Memberships }
}

/** Walks the log once and holds everything that writers were answered and clients got against it. What is wrong goes to `findings`. */
export async function reconcile(
  evidence: Evidence,
  log: AsyncIterable<LogRow> | Iterable<LogRow>,
  findings: Findings,
): Promise<Verdict> {
  const { world, writes, steps, followers } = evidence
  const { people, rooms, startedAt } = world
  const messages = new MessageJudge({ people, rooms, writes, findings })
  const memberships = new Memberships(people, rooms, steps, findings)
  const alerts = new AlertJudge(evidence.alerts, startedAt, findings)
  const receipts = new ReceiptJudge(people, findings)
  const judges = { messages, alerts, receipts, memberships }
  const audience = audienceOf(evidence, judges, findings)
  const accounts = new Map(people.map(({ name }, i) => [name, i]))

  let position = 0
  for await (const row of log) {
    if (row.position !== position + 1) findings.add('gap', `position ${row.position} comes behind ${position}`)
    position = row.position
    messages.take(row)
    memberships.take(row)
    alerts.take(row)
    for (const judge of audience(row)) judge.take(row)
    if (row.event === 'receipt.advanced') {
      const { conversation_id, username, kind, after_seq, up_to_seq, at } = row.data
      const account = accounts.get(username) ?? -1
      const claim = { account, room: conversation_id, kind, after: after_seq, upTo: up_to_seq }
      receipts.claim({ ...claim, at: Date.parse(at) - startedAt })
    }
  }
  memberships.finish()
  for (const judge of audience.all) judge.finish()
  return {
    events: position,
    frames: followers.reduce((sum, { recording }) => sum + recording.frames.length, 0),
    messages: messages.finish(),
    alerts: alerts.finish(),
    judges,
  }
}

/** Who may have seen an event at any time: the judges of their recordings. */
function audienceOf({ world, followers }: Evidence, judges: Verdict['judges'], findings: Findings) {
  const { people, rooms, things } = world
  const { receipts, memberships, alerts } = judges
  const byScope = new Map<string, (StreamJudge | InboxJudge)[]>()
  const all: (StreamJudge | InboxJudge)[] = []
  const listen = (scope: string, judge: StreamJudge | InboxJudge) => {
    const known = byScope.get(scope)
    if (known) known.push(judge)
    else byScope.set(scope, [judge])
  }
  for (const { follower, recording } of followers) {
    const walk = new Walk(follower.name, recording, findings)
    if (follower.kind === 'stream') {
      const { account } = follower
      const onMessage = ({ scope, data }: LogRow, at: number) => receipts.received(account, idOf(scope), data.seq, at)
      const judge = new StreamJudge({ walk, account, people, memberships, onMessage })
      for (const { a, b, at } of recording.said) receipts.said(account, a, b, at)
      all.push(judge)
      for (const scope of ['topics', 'alerts', `account:${people[account]!.id}`]) listen(scope, judge)
      for (const room of rooms)
        if (room.stable.includes(account) || room.churners.includes(account)) listen(`conversation:${room.id}`, judge)
    } else {
      const thing = things.find(({ id }) => id === follower.objectId)!
      const judge = new InboxJudge({ walk, thing, own: follower.own, said: recording.said, alerts })
      all.push(judge)
      for (const scope of ['objects', `object:${thing.id}`]) listen(scope, judge)
    }
  }
  return Object.assign((row: LogRow) => byScope.get(row.scope) ?? [], { all })
}
