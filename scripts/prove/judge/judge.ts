import type { Follower } from '../clients/followers.ts'
import type { Findings } from '../system/findings.ts'
import { hangUp } from '../world/http.ts'
import type { World } from '../world/world.ts'
import { readEvidence } from './evidence.ts'
import { checkHistories } from './histories.ts'
import { readLog } from './log-row.ts'
import { checkLastDelivered, checkReceiptRows } from './receipt-rows.ts'
import { reconcile, type Verdict } from './reconcile.ts'
import { Reader } from './rest.ts'
import { checkRollCalls } from './roll-calls.ts'

export interface Judged {
  verdict: Verdict
  clients: number
  connections: number
  /** Read by REST. */
  pages: number
}

/** Holds everything that the system, at rest, says against what writers and followers wrote down. */
export async function judge(
  world: World,
  followers: readonly Follower[],
  url: string,
  findings: Findings,
): Promise<Judged> {
  const evidence = readEvidence(world, followers, findings)
  const verdict = await reconcile(evidence, readLog(url), findings)
  const { messages, receipts, memberships, alerts } = verdict.judges
  const { histories } = messages
  const reader = new Reader(world)
  await checkReceiptRows(url, world, receipts)
  await checkLastDelivered({ world, histories, receipts, reader, findings })
  await checkHistories({ world, writes: evidence.writes, reader, findings, histories, receipts, memberships })
  await checkRollCalls({ world, reader, findings, alerts })
  hangUp()
  return {
    verdict,
    clients: followers.length,
    connections: evidence.followers.reduce((sum, { recording }) => sum + recording.visits.length, 0),
    pages: reader.pages,
  }
}
