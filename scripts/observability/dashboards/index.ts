import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { api } from './api.ts'
import { build } from './kit.ts'
import { overview } from './overview.ts'
import { pipeline } from './pipeline.ts'
import { push } from './push.ts'
import { schedulerOperator } from './scheduler-operator.ts'

/** The dashboards by their files in charts/belfry/files/dashboards. */
export const dashboards: Readonly<{ [file: string]: Dashboard }> = Object.fromEntries(
  [overview, api, pipeline, push, schedulerOperator].map((dashboard) => [`${dashboard.uid}.json`, build(dashboard)]),
)
