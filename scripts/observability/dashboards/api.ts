import { defaults } from '../rules/thresholds.ts'
import { type Dashboard, of, quantile, rateOf } from './kit.ts'
import { processRow } from './processes.ts'

const requests = 'belfry_api_requests_total'
const count = 'http_server_request_duration_seconds_count'
const bucket = 'http_server_request_duration_seconds_bucket'
// Waits for as long as its caller wants.
const noWait = 'http_route!="/api/v1/events"'
const errors = 'http_response_status_code=~"5.."'

export const api: Dashboard = {
  uid: 'belfry-api',
  title: 'Belfry / API',
  description: 'Rate, errors and duration of requests, and the api processes.',
  rows: [
    {
      title: 'All requests',
      panels: [
        {
          title: 'Requests',
          description: 'Requests by status.',
          unit: 'reqps',
          kind: 'areas',
          width: 8,
          queries: [[`sum by (http_response_status_code) (${rateOf(of(count))})`, '{{http_response_status_code}}']],
        },
        {
          title: 'Share that fails',
          description: 'Answers with a 5xx, probes not counted. The line is what the objective allows for 30 days.',
          unit: 'percentunit',
          width: 8,
          limit: Number((1 - Number(defaults.apiAvailabilityObjective)).toFixed(6)),
          queries: [[`sum (${rateOf(of(requests, 'outcome="failure"'))}) / sum (${rateOf(of(requests))})`, '5xx']],
        },
        {
          title: 'Duration',
          description: 'Time from request to answer, without the route that waits for events.',
          unit: 's',
          width: 8,
          limit: 0.5,
          queries: [0.5, 0.9, 0.99].map((q): [string, string] => [quantile(q, of(bucket, noWait)), `${q * 100} %`]),
        },
      ],
    },
    {
      title: 'By route',
      panels: [
        {
          title: 'Busiest routes',
          description: 'The ten routes with the most requests.',
          unit: 'reqps',
          queries: [
            [
              `topk(10, sum by (http_request_method, http_route) (${rateOf(of(count))}))`,
              '{{http_request_method}} {{http_route}}',
            ],
          ],
        },
        {
          title: 'Slowest routes, 99 %',
          description: 'The ten routes that take the longest. Logging in is slow on purpose: passwords are hashed.',
          unit: 's',
          limit: 0.5,
          queries: [
            [
              `topk(10, ${quantile(0.99, of(bucket, noWait), 'http_request_method', 'http_route')})`,
              '{{http_request_method}} {{http_route}}',
            ],
          ],
        },
        {
          title: 'Failing routes',
          description: 'Answers with a 5xx, by route and status.',
          unit: 'reqps',
          queries: [
            [
              `sum by (http_request_method, http_route, http_response_status_code) (${rateOf(of(count, errors))})`,
              '{{http_request_method}} {{http_route}} {{http_response_status_code}}',
            ],
          ],
        },
        {
          title: 'Refused requests',
          description:
            'Answers with a 4xx by status: 401 and 403 are about rights, 429 about limits, 409 and 422 about content.',
          unit: 'reqps',
          queries: [
            [
              `sum by (http_response_status_code) (${rateOf(of(count, 'http_response_status_code=~"4.."'))})`,
              '{{http_response_status_code}}',
            ],
          ],
        },
      ],
    },
    processRow('api'),
  ],
}
