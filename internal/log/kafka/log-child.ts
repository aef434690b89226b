import { setTimeout as delay } from 'node:timers/promises'
import { createPool } from '#internal/db/pool'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { createKafkaLog } from './log.ts'
import { kafkaTestConfig } from './testing.ts'

// A process that uses everything of the log until SIGTERM, and then has nothing left to do. Arguments: PostgreSQL's URL, a broker, the prefix.
const [url, broker, prefix] = process.argv.slice(2) as [string, string, string]
const db = createPool({ url, max: 5, name: 'test-child' })
const config = kafkaTestConfig([broker], prefix)
const log = await createKafkaLog({ db, config, logger: silentLog, metrics: createMetrics('test') })

const publication = log.publish()
const follower = log.follow(0, () => undefined)
const group = log.consume('test', async () => undefined)
const marks = log.receiveMarks(async () => undefined)
const sending = log.sendMarks([{ kind: 'delivered', object_id: 1, position: 1, at: new Date().toISOString() }])
sending.catch(() => undefined)
const awake = setInterval(() => undefined, 1000)
process.once('SIGTERM', async () => {
  clearInterval(awake)
  for (const part of [marks, group, follower, publication]) await part.stop()
  await log.close()
  await db.destroy()
  process.stdout.write('stopped\n')
})
while (!log.isReachable() && performance.now() < 5000) await delay(50)
process.stdout.write('started\n')
