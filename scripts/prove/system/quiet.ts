import { setTimeout as delay } from 'node:timers/promises'
import { query } from '#internal/embedded-postgres/postmaster'
import type { Findings } from './findings.ts'

const stillMs = 3000
const longestMs = 180_000

/** Resolves when nothing is under way any more: the log has not moved for a while and `isDone` agrees. */
export async function quiet(url: string, isDone: () => Promise<boolean>, findings: Findings): Promise<void> {
  let last = ''
  let since = Date.now()
  for (const deadline = Date.now() + longestMs; Date.now() < deadline; await delay(200)) {
    const [row] = await query(
      url,
      `select position, (select count(*) from outbox) as waiting, (select count(*) from marks) as marks from log_head`,
    )
    const state = JSON.stringify(row)
    if (state !== last || !(await isDone())) since = Date.now()
    last = state
    const { waiting, marks } = row as { waiting: number; marks: number }
    if (waiting === 0 && marks === 0 && Date.now() - since > stillMs) return
  }
  findings.add('never quiet', `after ${longestMs / 1000} s without writes: ${last}`)
}

/** The head of the log, and the position of the last frame of each inbox by object. */
export async function lastOfInboxes(url: string): Promise<{ head: number; due: Record<number, number> }> {
  const [head] = (await query(url, 'select position from log_head')) as { position: number }[]
  const rows = (await query(
    url,
    `select o.id, (select max(position) from events where event in ('alert.raised', 'alert.receipt_advanced')
       and scope in ('objects', 'object:' || o.id)) as last
     from objects o`,
  )) as { id: number; last: number | null }[]
  return { head: head!.position, due: Object.fromEntries(rows.map(({ id, last }) => [id, last ?? 0])) }
}
