import type { Knex } from 'knex'
import { prepared } from '#internal/db/pool'
import type { LogEvent } from '#internal/events/event'
import { type Found, Loop } from '#internal/runtime/loop'
import { failedTurns } from '#internal/telemetry/failed-turns'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import { eventsAfter } from '../events-after.ts'
import { isBehind } from '../head.ts'
import type { Log, Subscription } from '../log.ts'
import { consumeTurn } from './consume.ts'
import { enqueueMarks, marksTurn } from './marks.ts'

export interface PostgresLogOptions {
  db: Knex
  logger: Logger
  metrics: Metrics
  /** Longest rest of a reader that finds nothing, milliseconds: how late it may notice what another process did. */
  pollMs?: number
}

const pageSize = 1000

/** The log as the `events` table itself. Readers poll; a relay in the same process wakes them, so that nothing waits for a poll there. */
export function createPostgresLog({ db, logger, metrics, pollMs = 15 }: PostgresLogOptions): Log {
  const idle = { minMs: 2, maxMs: pollMs }
  // Nobody waits for a mark.
  const marksIdle = { minMs: 50, maxMs: Math.max(100, pollMs) }
  const readers = new Set<Loop>()

  function subscribe(name: string, turn: () => Promise<Found>, rest = idle): Subscription {
    const loop = new Loop({
      turn,
      idle: rest,
      onError: failedTurns({ logger, metrics }, name, 'log turn failed, trying again', { loop: name }),
    }).start()
    readers.add(loop)
    return {
      async stop() {
        readers.delete(loop)
        await loop.stop()
      },
    }
  }

  function wake(): void {
    for (const reader of readers) reader.wake()
  }

  return {
    publish: () => ({ offer: wake, stop: async () => undefined }),
    follow(after, handler) {
      let position = after
      return subscribe('follow', async () => {
        if (!(await isBehind(db, position))) return 'none'
        const events = await prepared<LogEvent>(db, eventsAfter, [position, pageSize])
        const last = events.at(-1)
        if (!last) return 'none'
        await handler(events)
        position = last.position
        return events.length === pageSize ? 'more' : 'some'
      })
    },
    consume: (group, handler) => subscribe(`consume ${group}`, () => consumeTurn(db, group, handler, metrics)),
    async sendMarks(marks) {
      await enqueueMarks(db, marks)
      wake()
    },
    receiveMarks: (handler) => subscribe('marks', () => marksTurn(db, handler, metrics), marksIdle),
  }
}
