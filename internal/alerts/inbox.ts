import type { Db } from '#internal/db/pool'
import type { Clock } from '#internal/runtime/clock'
import { findInboxItem, type InboxItem } from './inbox-store.ts'
import { applyMarks } from './receipts.ts'

export interface InboxMark {
  kind: 'read' | 'acknowledged'
  objectId: number
  alertId: number
}

/**
 * Reads or acknowledges an alert at once, with everything that follows from it. Repeating it changes nothing. The item as it is
 * then, or undefined when the alert is not in that inbox.
 */
export async function markInboxItem(db: Db, mark: InboxMark, clock: Clock): Promise<InboxItem | undefined> {
  const { kind, objectId, alertId } = mark
  return db.transaction(async (trx) => {
    const at = clock.now().toISOString()
    await applyMarks(trx, [{ kind, object_id: objectId, alert_id: alertId, at }], clock)
    return findInboxItem(trx, objectId, alertId)
  })
}
