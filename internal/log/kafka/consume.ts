import type { Knex } from 'knex'
import { prepared } from '#internal/db/pool'
import type { LogEvent } from '#internal/events/event'
import { type Found, Loop } from '#internal/runtime/loop'
import { failedTurns } from '#internal/telemetry/failed-turns'
import { SpanKind, withSpan } from '#internal/telemetry/tracing'
import { eventsAfter } from '../events-after.ts'
import { handleEvents } from '../handle-events.ts'
import type { EventHandler, Subscription } from '../log.ts'
import { type GroupMember, type GroupOptions, joinGroup } from './group.ts'
import { ensureGroup, lockPartitions, setPosition, waitingAt } from './group-progress.ts'
import { type EventRecord, parseEvent } from './record.ts'

export interface ConsumeOptions extends Omit<GroupOptions, 'batchSize' | 'handle'> {
  db: Knex
  group: string
  /** How many the topic has. */
  partitions: number
  partitionOf: (scope: string) => number
  handler: EventHandler
}

const batchSize = 100
/** Bound of what is read at once when only some of it is wanted. */
const maxRead = 1000
/** How often the group's progress is looked at, and after how many looks without any PostgreSQL is read instead. */
const watchMs = 1000
const patienceLooks = 3

/**
 * A consumer group of events. What the handlers write and how far the group is in a partition commit together, so an event takes effect
 * once, whoever reads it how often. Each record names the one before it in its partition: what the topic lost, and what it does not
 * bring for some seconds, is taken from PostgreSQL, which has it.
 */
export function consume(options: ConsumeOptions): Subscription & { member: GroupMember } {
  const { db, group, partitionOf, handler, logger, metrics } = options
  const allPartitions = Array.from({ length: options.partitions }, (_, partition) => partition)
  let ensured = false

  async function handle(partition: number, records: EventRecord[]): Promise<void> {
    if (records.length === 0) return
    await ensure()
    const complete = await db.transaction(async (trx) => {
      const done = (await lockPartitions(trx, group, [partition])).get(partition)!
      const { events, hole } = following(done, records)
      await take(trx, events)
      if (events.length > 0) await setPosition(trx, group, [partition], events.at(-1)!.position)
      return !hole
    })
    if (!complete) while ((await catchUp([partition])) === 'more');
  }

  /** A page of what the group has not handled of some partitions, from PostgreSQL. */
  async function catchUp(partitions: readonly number[]): Promise<Found> {
    return db.transaction(async (trx) => {
      const done = await lockPartitions(trx, group, partitions)
      const limit = Math.min(maxRead, Math.round((batchSize * allPartitions.length) / partitions.length))
      const events = await prepared<LogEvent>(trx, eventsAfter, [Math.min(...done.values()), limit])
      const last = events.at(-1)
      if (!last) return 'none'
      await take(
        trx,
        // Those of other partitions are for others.
        events.filter((event) => event.position > (done.get(partitionOf(event.scope)) ?? Number.POSITIVE_INFINITY)),
      )
      await setPosition(trx, group, partitions, last.position)
      return events.length === limit ? 'more' : 'some'
    })
  }

  const traced: EventHandler = (trx, event) =>
    withSpan(`handle ${event.event}`, { kind: SpanKind.CONSUMER, traceparent: event.traceparent }, () =>
      handler(trx, event),
    )
  const take = (trx: Knex.Transaction, events: LogEvent[]) => handleEvents(trx, group, events, traced, metrics)

  async function ensure(): Promise<void> {
    if (!ensured) await ensureGroup(db, group)
    ensured = true
  }

  /** What waits, and at how many looks in a row it has not moved. */
  let waiting = new Map<number | undefined, { position: number; looks: number }>()

  async function watch(stopping: AbortSignal): Promise<Found> {
    await ensure()
    const before = waiting
    waiting = new Map()
    for (const [partition, position] of await waitingAt(db, group)) {
      const last = before.get(partition)
      waiting.set(partition, { position, looks: last?.position === position ? last.looks + 1 : 0 })
    }
    const stuck = [...waiting].flatMap(([partition, { looks }]) => (looks >= patienceLooks ? [partition] : []))
    const partitions = stuck.includes(undefined) ? allPartitions : stuck.map(Number)
    if (partitions.length > 0) while (!stopping.aborted && (await catchUp(partitions)) === 'more');
    return 'none'
  }

  const member = joinGroup({
    ...options,
    batchSize,
    handle: (partition, messages) =>
      handle(
        partition,
        messages.flatMap((message) => parseEvent(message) ?? []),
      ),
  })
  const watchdog = new Loop({
    turn: watch,
    idle: { minMs: watchMs, maxMs: watchMs },
    onError: failedTurns(
      { logger, metrics },
      'consume watchdog',
      'the progress of a consumer group cannot be seen, trying again',
      { group },
    ),
  }).start()

  return {
    member,
    async stop() {
      await Promise.all([watchdog.stop(), member.stop()])
    },
  }
}

/** The events after position `done`, each once, up to where one is missing. */
function following(done: number, records: readonly EventRecord[]): { events: LogEvent[]; hole: boolean } {
  const events: LogEvent[] = []
  let last = done
  for (const { event, previous } of records) {
    if (previous > last) return { events, hole: true }
    if (event.position <= last) continue
    events.push(event)
    last = event.position
  }
  return { events, hole: false }
}
