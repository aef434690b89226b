import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { seconds } from './buckets.ts'

/** Of the worker: from outbox to log, marks, deliveries, and what it reads from the database for whoever watches. */
export function workerMetrics(registers: Registry[]) {
  return { ...relayMetrics(registers), ...handlingMetrics(registers), ...deliveryMetrics(registers) }
}

function relayMetrics(registers: Registry[]) {
  return {
    relayEvents: new Counter({
      name: 'belfry_relay_events_total',
      help: 'Events moved from the outbox into the log.',
      registers,
    }),
    relayLeader: new Gauge({
      name: 'belfry_relay_leader',
      help: '1 while this process holds the relay lock.',
      registers,
    }),
    relayDelay: new Histogram({
      name: 'belfry_relay_delay_seconds',
      help: 'Time from an event being accepted to its place in the log, per batch (oldest event).',
      buckets: seconds,
      registers,
    }),
    outboxWaiting: new Gauge({
      name: 'belfry_outbox_waiting_events',
      help: 'Events in the outbox, counted up to 100,000; the same from every worker.',
      registers,
    }),
    outboxOldest: new Gauge({
      name: 'belfry_outbox_oldest_age_seconds',
      help: 'For how long the oldest event in the outbox has waited; 0 when there is none. The same from every worker.',
      registers,
    }),
    logPosition: new Gauge({
      name: 'belfry_log_position',
      help: 'Position of the newest event in the log; the same from every worker.',
      registers,
    }),
    kafkaPublished: new Counter({
      name: 'belfry_kafka_published_total',
      help: 'Events put onto Kafka by this process, repeats after a failure included.',
      registers,
    }),
  }
}

function handlingMetrics(registers: Registry[]) {
  const marks = new Counter({
    name: 'belfry_marks_total',
    help: 'Delivered, read and acknowledged marks applied.',
    labelNames: ['kind'] as const,
    registers,
  })
  for (const kind of ['delivered', 'read', 'acknowledged']) marks.inc({ kind }, 0)
  const deadLetters = new Counter({
    name: 'belfry_dead_letters_total',
    help: 'Events, marks and deliveries that were given up on.',
    labelNames: ['group'] as const,
    registers,
  })
  deadLetters.inc({ group: 'marks' }, 0)
  return {
    marks,
    deadLetters,
    marksWaiting: new Gauge({
      name: 'belfry_marks_waiting',
      help: 'Marks in PostgreSQL that were not applied yet, counted up to 100,000; the same from every worker.',
      registers,
    }),
    kafkaLagRecords: new Gauge({
      name: 'belfry_kafka_lag_records',
      help: 'Records on Kafka that a consumer group has not handled.',
      labelNames: ['group'] as const,
      registers,
    }),
    kafkaLagSeconds: new Gauge({
      name: 'belfry_kafka_lag_seconds',
      help: 'For how long records of the partitions of this process have waited without any being handled.',
      labelNames: ['group'] as const,
      registers,
    }),
    overdue: new Gauge({
      name: 'belfry_overdue_seconds',
      help: 'For how long the oldest schedule or deadline that is due has not been dealt with; the same from every worker.',
      labelNames: ['work'] as const,
      registers,
    }),
  }
}

function deliveryMetrics(registers: Registry[]) {
  return {
    deliveries: new Counter({
      name: 'belfry_deliveries_total',
      help: 'Attempts at e-mails, SMS and webhooks.',
      labelNames: ['channel', 'outcome'] as const,
      registers,
    }),
    deliveryAttemptSeconds: new Histogram({
      name: 'belfry_delivery_attempt_seconds',
      help: 'Time of one attempt at an e-mail, SMS or webhook.',
      labelNames: ['channel'] as const,
      buckets: seconds,
      registers,
    }),
    deliveriesWaiting: new Gauge({
      name: 'belfry_deliveries_waiting',
      help: 'E-mails, SMS and webhooks that have not come to an end, counted up to 100,000; the same from every worker.',
      labelNames: ['channel'] as const,
      registers,
    }),
  }
}
