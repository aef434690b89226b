import { alertOf, type Cause, type Group, of } from './rule.ts'
import { threshold } from './thresholds.ts'

const deliveries = 'group=~"delivery:.*"'
const waiting = (offset = '') => `max by (namespace, channel) (${of('belfry_deliveries_waiting')}${offset})`

const causes: Cause[] = [
  {
    alert: 'BelfryOutboxStuck',
    severity: 'critical',
    for: '2m',
    expr: `max by (namespace) (${of('belfry_outbox_oldest_age_seconds')}) > ${threshold('outboxAgeSeconds')}`,
    summary: 'Events do not get from the outbox into the log.',
    description:
      'The oldest event has waited for {{ $value | humanizeDuration }}. Nobody receives what was written since.',
  },
  {
    alert: 'BelfryNoRelay',
    severity: 'critical',
    for: '2m',
    expr: `sum by (namespace) (${of('belfry_relay_leader')}) < 1`,
    summary: 'No worker is the relay.',
    description: 'Workers run, but none holds the lock of the relay. Nobody receives what is written.',
  },
  {
    alert: 'BelfryKafkaLag',
    severity: 'warning',
    for: '5m',
    expr: `max by (namespace, group) (${of('belfry_kafka_lag_seconds')}) > ${threshold('kafkaLagSeconds')}`,
    summary: 'Workers do not keep up with Kafka.',
    description: 'Records for the group {{ $labels.group }} have waited for {{ $value | humanizeDuration }}.',
  },
  {
    alert: 'BelfryFollowFromPostgresql',
    severity: 'warning',
    for: '15m',
    expr: [
      `sum by (namespace) (rate(${of('belfry_follow_events_total', 'source="postgresql"')}[5m]))`,
      `/ sum by (namespace) (rate(${of('belfry_follow_events_total')}[5m]))`,
      `> ${threshold('followFromPostgresqlRatio')}`,
    ].join('\n'),
    summary: 'Push reads events from PostgreSQL instead of Kafka.',
    description:
      '{{ $value | humanizePercentage }} of the events come from PostgreSQL: Kafka is away or behind. Nothing is lost.',
  },
  {
    alert: 'BelfryDeadLetters',
    severity: 'warning',
    expr: `sum by (namespace, group) (increase(${of('belfry_dead_letters_total', 'group!~"delivery:.*"')}[1h])) > ${threshold('deadLettersPerHour')}`,
    summary: 'Something was given up on.',
    description: 'Dead letters of {{ $labels.group }} within an hour: {{ $value | humanize }}.',
  },
  {
    alert: 'BelfryDeadDeliveries',
    severity: 'warning',
    expr: `sum by (namespace, group) (increase(${of('belfry_dead_letters_total', deliveries)}[1h])) > ${threshold('deadDeliveriesPerHour')}`,
    summary: 'Many alerts could not be delivered.',
    description: 'Given up on within an hour, after all attempts, by {{ $labels.group }}: {{ $value | humanize }}.',
  },
  {
    alert: 'BelfryDeliveriesFailing',
    severity: 'critical',
    for: '15m',
    expr: [
      `sum by (namespace, channel) (rate(${of('belfry_deliveries_total', 'outcome=~"failed|dead"')}[15m]))`,
      `/ sum by (namespace, channel) (rate(${of('belfry_deliveries_total')}[15m]))`,
      `> ${threshold('failedDeliveriesRatio')}`,
    ].join('\n'),
    summary: 'Alerts do not get out by one channel.',
    description: '{{ $value | humanizePercentage }} of the attempts at {{ $labels.channel }} fail.',
  },
  {
    alert: 'BelfryDeliveriesWaiting',
    severity: 'warning',
    for: '15m',
    expr: `${waiting()} > ${threshold('deliveriesWaiting')}\nand ${waiting()} >= ${waiting(' offset 30m')}`,
    summary: 'Deliveries wait and do not become fewer.',
    description: '{{ $value | humanize }} deliveries by {{ $labels.channel }} wait, no fewer than half an hour ago.',
  },
  {
    alert: 'BelfryMarksWaiting',
    severity: 'warning',
    for: '10m',
    expr: `max by (namespace) (${of('belfry_marks_waiting')}) > ${threshold('marksWaiting')}`,
    summary: 'What clients confirm is not applied.',
    description: '{{ $value | humanize }} marks wait for a worker: delivered and read times come late.',
  },
]

export const pipelineGroup: Group = { name: 'belfry-pipeline', rules: causes.map(alertOf) }
