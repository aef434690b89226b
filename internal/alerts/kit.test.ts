import type { Knex } from 'knex'
import { prepared } from '#internal/db/pool'
import type { LogEvent } from '#internal/events/event'
import type { InboxMark } from '#internal/events/mark'
import { headPosition } from '#internal/log/head'
import { ensurePartitions } from '#internal/log/partitions'
import { relayBatch } from '#internal/log/relay-sql'
import type { Clock } from '#internal/runtime/clock'
import type { Alert, Raise } from './alert.ts'
import { raiseAlert } from './alert-store.ts'
import { createObject } from './object-store.ts'
import { applyMarks } from './receipts.ts'
import { countRollCall } from './roll-call-store.ts'

/** A clock that tests move. */
export class TestClock implements Clock {
  ms = Date.parse('2026-01-01T00:00:00.000Z')
  now = () => new Date(this.ms)
}

/** Helpers for tests of this domain; each test file has a database of its own. */
export function alertsTestKit(db: Knex, clock: TestClock) {
  return {
    async anObject(email = 'bob@example.com'): Promise<number> {
      const object = await createObject(db, { email, phone_number: '212-555-1234', phone_e164: '+12125551234' }, clock)
      return object.id
    },

    /** As many creations as it says, in one statement. Returns the id before the first. */
    async manyObjects(count: number): Promise<number> {
      const { rows } = await db.raw(
        `with base as (select version, coalesce((select max(id) from objects), 0) as last from object_directory),
         made as (
           insert into objects (email, phone_number, phone_e164, created_at, created_version)
           select 'o' || last + n || '@example.com', '212-555-1234', '+12125551234', now(), version + n
           from base, generate_series(1, ?::int) n
         ), directory as (
           update object_directory set version = version + ?, total = total + ?
         )
         select last from base`,
        [count, count, count],
      )
      await db.raw('analyze objects')
      return rows[0].last
    },

    anAlert: (raise: Partial<Raise> = {}): Promise<Alert> =>
      raiseAlert(
        db,
        {
          text: 'fire',
          severity: 'info',
          alertAll: false,
          objectIds: [],
          acknowledgeBy: null,
          raisedBy: 'dora',
          ...raise,
        },
        clock,
      ),

    /** Does what the relay does: moves the outbox into the log. Returns the new events. */
    async relay(): Promise<LogEvent[]> {
      const moved: LogEvent[] = []
      for (;;) {
        await ensurePartitions(db, await headPosition(db), 2)
        const events = await prepared<LogEvent>(db, relayBatch, [10_000])
        moved.push(...events)
        if (events.length === 0) return moved
      }
    },

    apply: (...marks: InboxMark[]) => db.transaction((trx) => applyMarks(trx, marks, clock)),

    async counts(alert: Alert): Promise<number[]> {
      const { targeted, delivered, read, acknowledged } = await countRollCall(db, alert)
      return [targeted, delivered, read, acknowledged]
    },

    delivered: (objectId: number, position: number): InboxMark => ({
      kind: 'delivered',
      object_id: objectId,
      position,
      at: clock.now().toISOString(),
    }),

    mark: (kind: 'read' | 'acknowledged', objectId: number, alertId: number): InboxMark => ({
      kind,
      object_id: objectId,
      alert_id: alertId,
      at: clock.now().toISOString(),
    }),
  }
}
