import { explain } from '#internal/platform/explain'
import { run } from '#internal/runtime/run'
import { createLog } from '#internal/telemetry/log'
import { dataDirectory, readAllConfig } from './config.ts'
import { startAll } from './start.ts'

const config = explained(() => readAllConfig(process.env))
const logger = createLog({ service: 'belfry-all', level: config.LOG_LEVEL })
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (stopping = true))
// A closed terminal is no reason to leave PostgreSQL behind.
process.once('SIGHUP', () => process.kill(process.pid, 'SIGTERM'))

const code = await run({ log: logger, deadlineMs: (config.DRAIN_SECONDS + 60) * 1000 }, async (lifecycle) => {
  try {
    await startAll(lifecycle, { config, logger, data: dataDirectory(config, process.env), say: console.log })
  } catch (error) {
    // Whoever stops Belfry while it starts need not know what that interrupted.
    const line = stopping ? undefined : explain(error)
    // What a person can mend is told once and plainly, and not again as a log line.
    if (line || stopping) logger.level = 'silent'
    if (line) console.error(line)
    throw error
  }
})
process.exit(code)

function explained<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    console.error(explain(error) ?? error)
    process.exit(1)
  }
}
