import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** One registry per process, with every metric of the product. Label values are closed sets: no ids, no paths. */
export function createMetrics(role: string) {
  const registry = new Registry()
  registry.setDefaultLabels({ role })
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 })
  const registers = [registry]
  return {
    registry,
    httpDuration: new Histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Time from request to answer.',
      labelNames: ['http_route', 'http_request_method', 'http_response_status_code'] as const,
      buckets: seconds,
      registers,
    }),
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
    kafkaPublished: new Counter({
      name: 'belfry_kafka_published_total',
      help: 'Events put onto Kafka by this process, repeats after a failure included.',
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
    loopErrors: new Counter({
      name: 'belfry_loop_errors_total',
      help: 'Failed turns of background loops; each is tried again.',
      labelNames: ['loop'] as const,
      registers,
    }),
    pushSockets: new Gauge({
      name: 'belfry_push_sockets',
      help: 'Open WebSockets.',
      labelNames: ['kind'] as const,
      registers,
    }),
    pushEvents: new Counter({
      name: 'belfry_push_events_total',
      help: 'Events that this process handed to its sockets.',
      registers,
    }),
    pushCatchUps: new Counter({
      name: 'belfry_push_catch_ups_total',
      help: 'Clients caught up, by where the events came from.',
      labelNames: ['source'] as const,
      registers,
    }),
    pushClosed: new Counter({
      name: 'belfry_push_closed_total',
      help: 'WebSockets closed, by close code.',
      labelNames: ['code'] as const,
      registers,
    }),
    pushPosition: new Gauge({
      name: 'belfry_push_position',
      help: 'Position of the last event handed to sockets.',
      registers,
    }),
    deliverySeconds: new Histogram({
      name: 'belfry_delivery_seconds',
      help: 'Time from an event being accepted to it being written to sockets.',
      labelNames: ['event'] as const,
      buckets: seconds,
      registers,
    }),
    marks: new Counter({
      name: 'belfry_marks_total',
      help: 'Delivered, read and acknowledged marks applied.',
      labelNames: ['kind'] as const,
      registers,
    }),
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
    deadLetters: new Counter({
      name: 'belfry_dead_letters_total',
      help: 'Events, marks and deliveries that were given up on.',
      labelNames: ['group'] as const,
      registers,
    }),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
