import type { Knex } from 'knex'
import { prepared } from '#internal/db/pool'
import type { LogEvent } from '#internal/events/event'
import { type Found, Loop } from '#internal/runtime/loop'
import { SpanKind, withSpan } from '#internal/telemetry/tracing'
import { handleEach } from '../dead-letters.ts'
import { eventsAfter } from '../events-after.ts'
import type { EventHandler, Subscription } from '../log.ts'
import { type GroupMember, type GroupOptions, joinGroup } from './group.ts'
import { ensureGroup, lockGroup, lockPartition, setGroupPosition, setPosition, waitingAt } from './group-progress.ts'
import { type EventRecord, parseEvent } from './record.ts'

export interface ConsumeOptions extends Pick<GroupOptions, 'kafka' | 'groupId' | 'topic' | 'logger' | 'metrics'> {
  db: Knex
  group: string
  partitionOf: (scope: string) => number
  handler: EventHandler
}

const batchSize = 100
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
  let ensured = false

  async function handle(partition: number, records: EventRecord[]): Promise<void> {
    await ensure()
    const complete = await db.transaction(async (trx) => {
      const done = await lockPartition(trx, group, partition)
      const fresh = records.filter(({ event }) => event.position > done)
      const hole = fresh.findIndex(({ previous }, i) => previous > (fresh[i - 1]?.event.position ?? done))
      const whole = hole < 0 ? fresh : fresh.slice(0, hole)
      await take(
        trx,
        whole.map(({ event }) => event),
      )
      if (whole.length > 0) await setPosition(trx, group, partition, whole.at(-1)!.event.position)
      return hole < 0
    })
    if (!complete) while ((await catchUp()) === 'more');
  }

  /** A page of what the group has not handled, from PostgreSQL, all partitions together. */
  async function catchUp(): Promise<Found> {
    return db.transaction(async (trx) => {
      const done = await lockGroup(trx, group)
      const events = await prepared<LogEvent>(trx, eventsAfter, [Math.min(...done), batchSize])
      const last = events.at(-1)
      if (!last) return 'none'
      await take(
        trx,
        events.filter((event) => event.position > done[partitionOf(event.scope)]!),
      )
      await setGroupPosition(trx, group, last.position)
      return events.length === batchSize ? 'more' : 'some'
    })
  }

  const take = (trx: Knex.Transaction, events: LogEvent[]) =>
    handleEach(trx, events, {
      source: group,
      handle: (savepoint, event) =>
        withSpan(`handle ${event.event}`, { kind: SpanKind.CONSUMER, traceparent: event.traceparent }, () =>
          handler(savepoint, event),
        ),
      describe: (event) => ({ position: event.position, payload: JSON.stringify(event) }),
      onDeadLetter: () => metrics.deadLetters.inc({ group }),
    })

  async function ensure(): Promise<void> {
    if (!ensured) await ensureGroup(db, group)
    ensured = true
  }

  let seen: string | undefined
  let looks = 0
  async function watch(stopping: AbortSignal): Promise<Found> {
    await ensure()
    const at = await waitingAt(db, group)
    looks = at !== undefined && at === seen ? looks + 1 : 0
    seen = at
    if (looks >= patienceLooks) while (!stopping.aborted && (await catchUp()) === 'more');
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
    onError: (error, attempt) => {
      metrics.loopErrors.inc({ loop: 'consume watchdog' })
      logger[attempt === 0 ? 'warn' : 'debug'](
        { error, group },
        'the progress of a consumer group cannot be seen, trying again',
      )
    },
  }).start()

  return {
    member,
    async stop() {
      await Promise.all([watchdog.stop(), member.stop()])
    },
  }
}
