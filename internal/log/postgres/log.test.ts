import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { describeLog } from '../suite.ts'
import { createPostgresLog } from './log.ts'

describeLog('postgres', async ({ db }) => ({
  log: createPostgresLog({ db, logger: silentLog, metrics: createMetrics('test') }),
}))
