import type { Knex } from 'knex'
import type { LogEvent } from '#internal/events/event'
import type { Mark } from '#internal/events/mark'

/** Something that runs until it is stopped; `stop` waits for the handler that runs. */
export interface Subscription {
  stop(): Promise<void>
}

/** Handles one event inside a transaction that also records it as done. It must be idempotent: after a crash it may come again. */
export type EventHandler = (trx: Knex.Transaction, event: LogEvent) => Promise<void>

export type MarksHandler = (trx: Knex.Transaction, marks: Mark[]) => Promise<void>

/** Carries what the relay has committed to the readers, from where the last one got to. */
export interface Publication extends Subscription {
  /** Tells of events that have just been committed. Returns at once: neither the relay nor who writes waits for the readers. */
  offer(events: LogEvent[]): void
}

/**
 * All events in commit order, and the way back for what clients confirm. Implementations: `postgres/` and `kafka/`.
 *
 * Guarantees: a follower gets every event after its position exactly once and in position order for as long as it runs, whatever
 * goes away meanwhile. A consumer group handles every event at least once, each scope in order, by one member at a time; an
 * event that its handler cannot take goes to `dead_letters` and the group goes on. Marks are handled at least once.
 */
export interface Log {
  /** For the one process that is the relay. After a crash events may be published again; readers skip what they have seen. */
  publish(): Publication
  /** Reads everything after position `after`. A handler that returns a promise holds the next batch back. */
  follow(after: number, handler: (events: LogEvent[]) => void | Promise<void>): Subscription
  /** Shares the work of `group` among all processes that consume it; a new group starts with the oldest kept event. */
  consume(group: string, handler: EventHandler): Subscription
  /** Hands marks to whoever receives them. Resolves when they are durable. */
  sendMarks(marks: Mark[]): Promise<void>
  receiveMarks(handler: MarksHandler): Subscription
}
