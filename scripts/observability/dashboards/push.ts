import { defaults } from '../rules/thresholds.ts'
import { type Dashboard, of, quantile, type Row, rateOf } from './kit.ts'
import { processRow } from './processes.ts'

const sockets: Row = {
  title: 'WebSockets',
  panels: [
    {
      title: 'Open, by pod',
      description: 'Clients of each pod. When one ends, its clients come back on the others within seconds.',
      unit: 'short',
      kind: 'areas',
      queries: [[`sum by (pod) (${of('belfry_push_sockets')})`, '{{pod}}']],
    },
    {
      title: 'Opened',
      description: 'New connections. A wave is clients that come back.',
      unit: 'short',
      width: 6,
      queries: [[`sum by (kind) (${rateOf(of('belfry_push_opened_total'))})`, '{{kind}}']],
    },
    {
      title: 'Closed, by code',
      description:
        '1000 and 1001: by the client. 1006: the network. 1012: this process was asked to end. 4001: the session ended. 4008: the client did not read.',
      unit: 'short',
      width: 6,
      queries: [[`sum by (code) (${rateOf(of('belfry_push_closed_total'))})`, '{{code}}']],
    },
    {
      title: 'Clients caught up',
      description:
        'Clients that came back, by where what they missed came from: memory, or PostgreSQL when that did not reach back.',
      unit: 'short',
      width: 8,
      queries: [[`sum by (source) (${rateOf(of('belfry_push_catch_ups_total'))})`, '{{source}}']],
    },
    {
      title: 'Not read yet',
      description: 'Bytes that were sent and that clients have not read yet. A client with more than 1 MiB is closed.',
      unit: 'bytes',
      width: 8,
      limit: Number(defaults.pushBufferedMebibytes) * 1024 * 1024,
      queries: [[`max by (pod) (${of('belfry_push_buffered_bytes')})`, '{{pod}}']],
    },
    {
      title: 'Closed as too slow',
      description: 'Sockets closed with code 4008, per minute.',
      unit: 'short',
      width: 8,
      limit: Number(defaults.slowClosesPerMinute),
      queries: [[`sum by (pod) (${rateOf(of('belfry_push_closed_total', 'code="4008"'))}) * 60`, '{{pod}}']],
    },
  ],
}

const delivery: Row = {
  title: 'Delivery',
  panels: [
    {
      title: 'From accepted to written to sockets',
      description: 'How long events take from the moment they were accepted. The objective is 0.5 s for 99 %.',
      unit: 's',
      width: 8,
      limit: 0.5,
      queries: [0.5, 0.9, 0.99].map((q): [string, string] => [
        quantile(q, of('belfry_delivery_seconds_bucket')),
        `${q * 100} %`,
      ]),
    },
    {
      title: 'The same by event, 99 %',
      description: 'The ten kinds of events that take the longest.',
      unit: 's',
      width: 8,
      limit: 0.5,
      queries: [[`topk(10, ${quantile(0.99, of('belfry_delivery_seconds_bucket'), 'event')})`, '{{event}}']],
    },
    {
      title: 'Events written to sockets',
      description: 'Events that somebody who is connected here could see, by kind.',
      unit: 'short',
      width: 8,
      kind: 'areas',
      queries: [[`sum by (event) (${rateOf(of('belfry_delivery_seconds_count'))}) > 0`, '{{event}}']],
    },
    {
      title: 'Events from the log',
      description: 'Events that each pod took from the log. All pods take all events.',
      unit: 'short',
      width: 8,
      queries: [[`sum by (pod) (${rateOf(of('belfry_push_events_total'))})`, '{{pod}}']],
    },
    {
      title: 'Behind the log',
      description:
        'Events in the log that a pod has not handed to its sockets. Some are normal: the two numbers are not read at the same moment.',
      unit: 'short',
      width: 8,
      queries: [
        [
          `clamp_min(scalar(max(${of('belfry_log_position')})) - max by (pod) (${of('belfry_push_position')}), 0)`,
          '{{pod}}',
        ],
      ],
    },
    {
      title: 'Behind the log, with Kafka',
      description:
        'The same as each pod saw it when it last looked, twice a second. Empty where PostgreSQL carries the log.',
      unit: 'short',
      width: 8,
      queries: [[`max by (pod) (${of('belfry_follow_lag_events')})`, '{{pod}}']],
    },
  ],
}

export const push: Dashboard = {
  uid: 'belfry-push',
  title: 'Belfry / Push',
  description: 'WebSockets, how soon events reach them, and the push processes.',
  rows: [sockets, delivery, processRow('push')],
}
