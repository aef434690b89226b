import { Counter, Histogram, type Registry } from 'prom-client'
import { seconds } from './buckets.ts'

/** Of the api: its requests. */
export function apiMetrics(registers: Registry[]) {
  // The histogram begins a series with the first answer of a status on a route, and of that first one Prometheus sees no increase: an outage
  // of which each route has a few failures would look better than it is. There are too many series to begin all of them at 0.
  const requests = new Counter({
    name: 'belfry_api_requests_total',
    help: 'Requests but for probes and files of the user interface, by whether the API failed (5xx).',
    labelNames: ['outcome'] as const,
    registers,
  })
  for (const outcome of ['success', 'failure']) requests.inc({ outcome }, 0)
  return {
    apiRequests: requests,
    httpDuration: new Histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Time from request to answer.',
      labelNames: ['http_route', 'http_request_method', 'http_response_status_code'] as const,
      buckets: seconds,
      registers,
    }),
  }
}
