import { type Db, prepared } from '#internal/db/pool'
import type { Clock } from '#internal/runtime/clock'
import { currentTraceparent } from '#internal/telemetry/tracing'
import { type Alert, channels, type Raise } from './alert.ts'
import { raiseListed, raiseToAll } from './alert-sql.ts'
import { isIntId } from './object.ts'

/**
 * Stores the alert, its events, its deadline, and the order to spread it over its other channels in one statement. Ids that are unknown or removed are left out, duplicates count once.
 */
export async function raiseAlert(db: Db, raise: Raise, clock: Clock): Promise<Alert> {
  const values = [
    raise.text,
    raise.severity,
    raise.acknowledgeBy?.toISOString() ?? null,
    raise.raisedBy,
    clock.now().toISOString(),
    currentTraceparent(),
    channels.filter((channel) => channel === 'inbox' || raise.channels?.includes(channel)),
    raise.escalates ?? null,
    raise.escalateTo?.filter(isIntId) ?? null,
  ]
  const [alert] = raise.alertAll
    ? await prepared<Alert>(db, raiseToAll, values)
    : await prepared<Alert>(db, raiseListed, [...values, raise.objectIds.filter(isIntId)])
  return alert!
}

/** Undefined when unknown. */
export async function findAlert(db: Db, id: number): Promise<Alert | undefined> {
  return isIntId(id) ? db('alerts').where({ id }).first() : undefined
}

/** Newest first, those before `before`. */
export async function listAlerts(db: Db, before: number | undefined, limit: number): Promise<Alert[]> {
  const query = db('alerts').orderBy('id', 'desc').limit(limit)
  if (before !== undefined) query.where('id', '<', before)
  return query
}
