import { slos } from '../rules/slo.ts'
import { defaults } from '../rules/thresholds.ts'
import { type Dashboard, of, type Panel, quantile, type Row, rateOf } from './kit.ts'

const titles: { [slo: string]: string } = {
  'belfry-api-availability': 'API availability',
  'belfry-api-latency': 'API latency',
  'belfry-delivery': 'Delivery',
}

/** What is left of the budget, how fast it is used, and the last 30 days, of each objective. */
function objective({ name, noun, fault }: (typeof slos)[number]): Panel[] {
  const slo = `slo="${name}"`
  const title = titles[name]!
  const budget = `(1 - ${of('slo:objective:ratio', slo)})`
  return [
    {
      title: `${title}: budget left`,
      description: `What is left of the ${noun} that may ${fault.replace(/^are /, 'be ')} within 30 days. Below 0 the objective is missed.`,
      unit: 'percentunit',
      kind: 'number',
      width: 4,
      decimals: 1,
      limit: 0.2,
      isLeast: true,
      queries: [[`1 - ${of('slo:sli_error:ratio_rate30d', slo)} / ${budget}`, 'left']],
    },
    {
      title: `${title}: 30 days`,
      description: `Share of the ${noun} of the last 30 days that were good, that is, did not ${fault.replace(/^are /, 'get ')}.`,
      unit: 'percentunit',
      kind: 'number',
      width: 4,
      decimals: 3,
      queries: [[`1 - ${of('slo:sli_error:ratio_rate30d', slo)}`, 'good']],
    },
  ]
}

const burn: Panel = {
  title: 'How fast the budgets burn, 1 hour',
  description:
    'At 1 the budget of 30 days lasts 30 days. At 14.4 it lasts two days: that is when somebody is called (the dashed line).',
  unit: 'short',
  width: 12,
  limit: 14.4,
  queries: [[`${of('slo:sli_error:ratio_rate1h')} / (1 - ${of('slo:objective:ratio')})`, '{{slo}}']],
}

const errors: Panel = {
  title: 'Bad requests and deliveries, 5 minutes',
  description:
    'Share of requests that failed, of requests that took longer than 0.5 s, and of events that reached sockets later than 0.5 s.',
  unit: 'percentunit',
  width: 12,
  queries: [[of('slo:sli_error:ratio_rate5m'), '{{slo}}']],
}

const state: Row = {
  title: 'Now',
  panels: [
    {
      title: 'Alerts that fire',
      description: 'The alerts of Belfry. Each has a runbook that says what to do. Empty is good.',
      unit: 'short',
      kind: 'table',
      queries: [[`sum by (alertname, severity) (${of('ALERTS', 'alertname=~"Belfry.*"', 'alertstate="firing"')})`, '']],
    },
    {
      title: 'What runs',
      description: 'Processes by role and version. More than one version is a rollout on its way.',
      unit: 'short',
      kind: 'table',
      queries: [[`sum by (role, version) (${of('belfry_build_info')})`, '']],
    },
  ],
}

const traffic: Row = {
  title: 'Traffic',
  panels: [
    {
      title: 'Requests',
      description: 'Requests to the API by class of their status.',
      unit: 'reqps',
      kind: 'areas',
      width: 8,
      queries: [
        [
          `sum by (class) (label_replace(${rateOf(of('http_server_request_duration_seconds_count'))}, "class", "$1xx", "http_response_status_code", "(.).."))`,
          '{{class}}',
        ],
      ],
    },
    {
      title: 'Events',
      description: 'Events that were accepted and moved into the log.',
      unit: 'short',
      width: 8,
      queries: [[`sum (${rateOf(of('belfry_relay_events_total'))})`, 'events/s']],
    },
    {
      title: 'Open WebSockets',
      description: 'Clients that are connected: streams of accounts, and inboxes.',
      unit: 'short',
      kind: 'areas',
      width: 8,
      queries: [[`sum by (kind) (${of('belfry_push_sockets')})`, '{{kind}}']],
    },
    {
      title: 'From accepted to written to sockets',
      description: 'How long events take from the moment they were accepted. The objective is 0.5 s for 99 %.',
      unit: 's',
      width: 8,
      limit: 0.5,
      queries: [
        [quantile(0.5, of('belfry_delivery_seconds_bucket')), 'half'],
        [quantile(0.99, of('belfry_delivery_seconds_bucket')), '99 %'],
      ],
    },
    {
      title: 'From request to answer',
      description: 'How long requests to the API take. The objective is 0.5 s for 99 %.',
      unit: 's',
      width: 8,
      limit: 0.5,
      queries: [
        [quantile(0.5, of('http_server_request_duration_seconds_bucket', 'http_route!="/api/v1/events"')), 'half'],
        [quantile(0.99, of('http_server_request_duration_seconds_bucket', 'http_route!="/api/v1/events"')), '99 %'],
      ],
    },
    {
      title: 'Oldest event in the outbox',
      description: 'Near 0 while the relay works. What is in the outbox, nobody has received yet.',
      unit: 's',
      width: 8,
      limit: Number(defaults.outboxAgeSeconds),
      queries: [[`max (${of('belfry_outbox_oldest_age_seconds')})`, 'age']],
    },
  ],
}

export const overview: Dashboard = {
  uid: 'belfry-overview',
  title: 'Belfry / Overview',
  description: 'Whether Belfry does what it promises, and what runs.',
  rows: [{ title: 'Objectives', panels: [...slos.flatMap(objective), burn, errors] }, state, traffic],
}
