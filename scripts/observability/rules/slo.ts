import { type Alert, alertOf, type Group, of, type Record, type Severity } from './rule.ts'
import { threshold } from './thresholds.ts'

/** An objective: the share of something that has to be good. */
export interface Slo {
  name: string
  /** What its alerts begin with. */
  alert: string
  objective: string
  /** What it is about, and what the bad ones do. */
  noun: string
  fault: string
  /** Rates per second by namespace, of all and of the bad ones. */
  total: string
  bad: string
}

const request = 'http_server_request_duration_seconds'
// These take as long as their caller wants: a wait for events, and files over the caller's line.
const own = 'http_route!~"/ping|ui|/api/v1/events|/api/v1/conversations/:id/attachments|/api/v1/attachments/:id"'
// A bound of the histograms (internal/telemetry/buckets.ts) that both lines of Prometheus write alike.
const inTime = 'le="0.5"'

const rate = (selector: string) => `sum by (namespace) (rate(${selector}[5m]))`
const late = (metric: string, ...matchers: string[]) =>
  `${rate(of(`${metric}_count`, ...matchers))} - ${rate(of(`${metric}_bucket`, ...matchers, inTime))}`

const requests = 'belfry_api_requests_total'

export const slos: readonly Slo[] = [
  {
    name: 'belfry-api-availability',
    alert: 'BelfryApiAvailability',
    objective: threshold('apiAvailabilityObjective'),
    noun: 'requests to the API',
    fault: 'fail with a 5xx',
    total: rate(of(requests)),
    bad: rate(of(requests, 'outcome="failure"')),
  },
  {
    name: 'belfry-api-latency',
    alert: 'BelfryApiLatency',
    objective: threshold('apiLatencyObjective'),
    noun: 'requests to the API',
    fault: 'take longer than 0.5 s',
    total: rate(of(`${request}_count`, own)),
    bad: late(request, own),
  },
  {
    name: 'belfry-delivery',
    alert: 'BelfryDelivery',
    objective: threshold('deliveryObjective'),
    noun: 'events',
    fault: 'are written to sockets later than 0.5 s after they were accepted',
    total: rate(of('belfry_delivery_seconds_count')),
    bad: late('belfry_delivery_seconds'),
  },
]

/** How often the base rates are recorded: their sums over a window, times this, are numbers of requests or events. */
const intervalSeconds = 30

const series = (name: string, slo: Slo) => of(name, `slo="${slo.name}"`)
const ratio = (slo: Slo, window: string) => series(`slo:sli_error:ratio_rate${window}`, slo)

function base(slo: Slo): Record[] {
  const labels = { slo: slo.name }
  return [
    {
      record: 'slo:objective:ratio',
      expr: `vector(${slo.objective})`,
      labels: { ...labels, namespace: '%NAMESPACE%' },
    },
    { record: 'slo:sli_total:rate5m', expr: slo.total, labels },
    { record: 'slo:sli_bad:rate5m', expr: slo.bad, labels },
    {
      record: 'slo:sli_error:ratio_rate5m',
      expr: `${series('slo:sli_bad:rate5m', slo)} / ${series('slo:sli_total:rate5m', slo)}`,
      labels,
    },
  ]
}

const overWindow = (slo: Slo, window: string): Record => ({
  record: `slo:sli_error:ratio_rate${window}`,
  expr: `sum_over_time(${series('slo:sli_bad:rate5m', slo)}[${window}]) / sum_over_time(${series('slo:sli_total:rate5m', slo)}[${window}])`,
  labels: { slo: slo.name },
})

/** The budget burns `factor` times too fast in a long window, and still does in a short one; and it is about more than a handful. */
function burns(slo: Slo, factor: number, long: string, short: string): string {
  const limit = `${factor} * (1 - ${slo.objective})`
  const bad = `sum_over_time(${series('slo:sli_bad:rate5m', slo)}[${long}]) * ${intervalSeconds}`
  return [
    `${ratio(slo, long)} > ${limit}`,
    `and ${ratio(slo, short)} > ${limit}`,
    `and ${bad} >= ${threshold('sloLeastBad')}`,
  ].join('\n  ')
}

interface Speed {
  suffix: 'Fast' | 'Slow'
  severity: Severity
  for: string
  windows: [factor: number, long: string, short: string][]
  consequence: string
}

const speeds: readonly Speed[] = [
  {
    suffix: 'Fast',
    severity: 'critical',
    for: '2m',
    windows: [
      [14.4, '1h', '5m'],
      [6, '6h', '30m'],
    ],
    consequence: 'At this rate what 30 days allow is used up within days.',
  },
  {
    suffix: 'Slow',
    severity: 'warning',
    for: '15m',
    windows: [
      [3, '1d', '2h'],
      [1, '3d', '6h'],
    ],
    consequence: 'At this rate more fails within 30 days than is allowed.',
  },
]

const burnAlert = (slo: Slo, { suffix, severity, for: during, windows, consequence }: Speed): Alert =>
  alertOf({
    alert: `${slo.alert}Burn${suffix}`,
    severity,
    for: during,
    expr: windows.map((window) => `(\n  ${burns(slo, ...window)}\n)`).join(' or '),
    summary: `Too many ${slo.noun} ${slo.fault}.`,
    description: `{{ $value | humanizePercentage }} of the ${slo.noun} ${slo.fault}. ${consequence}`,
  })

const windowsOf = (windows: string[]): Record[] =>
  slos.flatMap((slo) => windows.map((window) => overWindow(slo, window)))

export const sloGroups: readonly Group[] = [
  {
    name: 'belfry-slo',
    interval: `${intervalSeconds}s`,
    rules: [
      ...slos.flatMap(base),
      ...windowsOf(['30m', '1h', '2h', '6h']),
      ...slos.map((slo) => burnAlert(slo, speeds[0]!)),
    ],
  },
  {
    // Long windows are costly to add up and change slowly.
    name: 'belfry-slo-long',
    interval: '2m',
    rules: [...windowsOf(['1d', '3d', '30d']), ...slos.map((slo) => burnAlert(slo, speeds[1]!))],
  },
]
