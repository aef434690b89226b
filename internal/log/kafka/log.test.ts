import { describeWithKafka } from '#internal/testing/kafka/describe'
import { testKafka } from '#internal/testing/kafka/kafka'
import { describeLog } from '../suite.ts'
import { kafkaTestLog } from './testing.ts'

describeWithKafka('the log on Kafka', () => {
  describeLog('kafka', async (database) => {
    const log = await kafkaTestLog(database, await testKafka())
    return { log, close: () => log.close() }
  })
})
