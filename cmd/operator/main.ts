import { startBase } from '#internal/platform/base'
import { plainly } from '#internal/platform/explain'
import { runProcess } from '#internal/platform/process'
import { createLog } from '#internal/telemetry/log'
import { readOperatorConfig } from './config.ts'
import { startOperator } from './start.ts'

const config = plainly(() => readOperatorConfig(process.env))
const logger = createLog({ service: 'belfry-operator', level: config.LOG_LEVEL })
await runProcess(logger, 25_000, async (lifecycle) => {
  const base = await startBase(lifecycle, 'operator', config, logger)
  await startOperator(lifecycle, base, config)
  base.readiness.started()
  logger.info('operator has started')
})
