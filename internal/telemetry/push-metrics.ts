import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { eventNames } from '#internal/events/event'
import { seconds } from './buckets.ts'

/** Of push: what it gets from the log, and its sockets. */
export function pushMetrics(registers: Registry[]) {
  const delivery = new Histogram({
    name: 'belfry_delivery_seconds',
    help: 'Time from an event being accepted to it being written to sockets.',
    labelNames: ['event'] as const,
    buckets: seconds,
    registers,
  })
  for (const event of eventNames) delivery.zero({ event })
  return {
    ...socketMetrics(registers),
    deliverySeconds: delivery,
    followedEvents: new Counter({
      name: 'belfry_follow_events_total',
      help: 'Events that a follower of the log got, by where from. From PostgreSQL means that Kafka was late or away.',
      labelNames: ['source'] as const,
      registers,
    }),
    followLag: new Gauge({
      name: 'belfry_follow_lag_events',
      help: 'Events in the log that the follower had not got, when it last looked.',
      registers,
    }),
    pushEvents: new Counter({
      name: 'belfry_push_events_total',
      help: 'Events that this process handed to its sockets.',
      registers,
    }),
    pushPosition: new Gauge({
      name: 'belfry_push_position',
      help: 'Position of the last event handed to sockets.',
      registers,
    }),
  }
}

function socketMetrics(registers: Registry[]) {
  let buffered = () => 0
  const sockets = new Gauge({
    name: 'belfry_push_sockets',
    help: 'Open WebSockets.',
    labelNames: ['kind'] as const,
    registers,
  })
  const opened = new Counter({
    name: 'belfry_push_opened_total',
    help: 'WebSockets opened.',
    labelNames: ['kind'] as const,
    registers,
  })
  for (const kind of ['stream', 'inbox']) {
    sockets.set({ kind }, 0)
    opened.inc({ kind }, 0)
  }
  const catchUps = new Counter({
    name: 'belfry_push_catch_ups_total',
    help: 'Clients caught up, by where the events came from.',
    labelNames: ['source'] as const,
    registers,
  })
  for (const source of ['ring', 'postgresql']) catchUps.inc({ source }, 0)
  return {
    pushSockets: sockets,
    pushOpened: opened,
    pushCatchUps: catchUps,
    pushClosed: new Counter({
      name: 'belfry_push_closed_total',
      help: 'WebSockets closed, by close code.',
      labelNames: ['code'] as const,
      registers,
    }),
    pushBuffered: new Gauge({
      name: 'belfry_push_buffered_bytes',
      help: 'Bytes that were sent and that clients have not read yet, of all sockets.',
      registers,
      collect() {
        this.set(buffered())
      },
    }),
    /** Says where they are counted, at each scrape. */
    watchBuffered(count: () => number) {
      buffered = count
    },
  }
}
