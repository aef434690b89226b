import { defaults } from '../rules/thresholds.ts'
import { type Dashboard, of, quantile, type Row, rateOf } from './kit.ts'
import { processRow } from './processes.ts'

const relay: Row = {
  title: 'From outbox to log',
  panels: [
    {
      title: 'Events',
      description: 'Events moved from the outbox into the log.',
      unit: 'short',
      width: 6,
      queries: [[`sum (${rateOf(of('belfry_relay_events_total'))})`, 'events/s']],
    },
    {
      title: 'In the outbox',
      description: 'Events that the relay has not moved yet, counted up to 100,000.',
      unit: 'short',
      width: 6,
      queries: [[`max (${of('belfry_outbox_waiting_events')})`, 'events']],
    },
    {
      title: 'Oldest event in the outbox',
      description: 'Near 0 while the relay works.',
      unit: 's',
      width: 6,
      limit: Number(defaults.outboxAgeSeconds),
      queries: [[`max (${of('belfry_outbox_oldest_age_seconds')})`, 'age']],
    },
    {
      title: 'The relay',
      description:
        'Which worker is the relay. There is one; after it ended another one takes over within a second or, if it was killed, ten.',
      unit: 'short',
      width: 6,
      max: 1,
      queries: [[`max by (pod) (${of('belfry_relay_leader')})`, '{{pod}}']],
    },
    {
      title: 'From accepted to the log',
      description: 'Time from an event being accepted to its place in the log, for the oldest of each batch.',
      unit: 's',
      queries: [
        [quantile(0.5, of('belfry_relay_delay_seconds_bucket')), 'half'],
        [quantile(0.99, of('belfry_relay_delay_seconds_bucket')), '99 %'],
      ],
    },
    {
      title: 'Failed turns of background loops',
      description: 'Each is tried again. A loop that fails all the time stands still.',
      unit: 'short',
      queries: [[`sum by (role, loop) (${rateOf(of('belfry_loop_errors_total'))})`, '{{role}}: {{loop}}']],
    },
  ],
}

const kafka: Row = {
  title: 'Kafka (empty where PostgreSQL carries the log)',
  panels: [
    {
      title: 'Published',
      description: 'Events put onto Kafka, repeats after a failure included. Stands still while nothing reaches Kafka.',
      unit: 'short',
      width: 6,
      queries: [[`sum (${rateOf(of('belfry_kafka_published_total'))})`, 'events/s']],
    },
    {
      title: 'Lag in time',
      description: 'For how long records have waited for a worker without any being handled.',
      unit: 's',
      width: 6,
      limit: Number(defaults.kafkaLagSeconds),
      queries: [[`max by (group) (${of('belfry_kafka_lag_seconds')})`, '{{group}}']],
    },
    {
      title: 'Lag in records',
      description: 'Records that a consumer group has not handled.',
      unit: 'short',
      width: 6,
      queries: [[`max by (group) (${of('belfry_kafka_lag_records')})`, '{{group}}']],
    },
    {
      title: 'Where push gets events from',
      description: 'From PostgreSQL means that Kafka is late or away. Nothing is lost then.',
      unit: 'short',
      kind: 'areas',
      width: 6,
      queries: [[`sum by (source) (${rateOf(of('belfry_follow_events_total'))})`, '{{source}}']],
    },
  ],
}

const marks: Row = {
  title: 'What clients confirm, and what was given up on',
  panels: [
    {
      title: 'Marks applied',
      description: 'Delivered, read and acknowledged marks of clients.',
      unit: 'short',
      width: 8,
      queries: [[`sum by (kind) (${rateOf(of('belfry_marks_total'))})`, '{{kind}}']],
    },
    {
      title: 'Marks that wait',
      description: 'Marks in PostgreSQL that no worker has applied yet. With Kafka they wait there: see its lag.',
      unit: 'short',
      width: 8,
      limit: Number(defaults.marksWaiting),
      queries: [[`max (${of('belfry_marks_waiting')})`, 'marks']],
    },
    {
      title: 'Dead letters, 1 hour',
      description:
        'Events, marks and deliveries that were given up on. An admin can look at them and have them tried again.',
      unit: 'short',
      width: 8,
      queries: [[`sum by (group) (increase(${of('belfry_dead_letters_total')}[1h]))`, '{{group}}']],
    },
  ],
}

const deliveries: Row = {
  title: 'E-mail, SMS and webhooks',
  panels: [
    {
      title: 'Attempts',
      description: 'Attempts at deliveries by outcome. After failed and throttled another one comes.',
      unit: 'short',
      width: 8,
      queries: [[`sum by (channel, outcome) (${rateOf(of('belfry_deliveries_total'))})`, '{{channel}}: {{outcome}}']],
    },
    {
      title: 'Waiting',
      description: 'Deliveries that are neither sent nor dead, counted up to 100,000.',
      unit: 'short',
      width: 8,
      limit: Number(defaults.deliveriesWaiting),
      queries: [[`max by (channel) (${of('belfry_deliveries_waiting')})`, '{{channel}}']],
    },
    {
      title: 'Duration of an attempt, 95 %',
      description: 'How long providers take to answer. An attempt is broken off after 20 s.',
      unit: 's',
      width: 8,
      queries: [[quantile(0.95, of('belfry_delivery_attempt_seconds_bucket'), 'channel'), '{{channel}}']],
    },
  ],
}

export const pipeline: Dashboard = {
  uid: 'belfry-pipeline',
  title: 'Belfry / Pipeline',
  description: 'The way of an event: outbox, relay, log, Kafka; what clients confirm; what goes out by other channels.',
  rows: [relay, kafka, marks, deliveries, processRow('worker')],
}
