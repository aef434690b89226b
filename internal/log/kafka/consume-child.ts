import { createPool } from '#internal/db/pool'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { createClient } from './client.ts'
import { consume } from './consume.ts'
import { partitioner, topicsOf } from './names.ts'
import { kafkaTestConfig } from './testing.ts'

// A member of a group for tests to kill. Arguments: PostgreSQL's URL, the brokers, the prefix. Each event becomes a row of `handled`.
const [url, brokers, prefix] = process.argv.slice(2) as [string, string, string]
const config = kafkaTestConfig(brokers.split(','), prefix)

consume({
  db: createPool({ url, max: 5, name: 'test-child' }),
  connect: () => createClient(config, silentLog),
  groupId: `${prefix}.test`,
  group: 'test',
  topic: topicsOf(prefix).events,
  partitions: 4,
  partitionOf: partitioner(4),
  handler: async (trx, { position, scope }) => {
    await trx('handled').insert({ position, scope, handler: 'child' })
  },
  logger: silentLog,
  metrics: createMetrics('test'),
  sessionMs: 6000,
})
