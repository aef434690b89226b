import { skipOrFail } from '../skip.ts'
import { KafkaUnavailable, kafkaJars } from './jars.ts'
import { testKafka } from './kafka.ts'

/** A `describe` whose tests use testKafka(). Where no Kafka can be had they are skipped, or fail if REQUIRE_KAFKA is 1. */
export function describeWithKafka(title: string, body: () => void): void {
  describeWith(testKafka, title, body)
}

/** The same for tests that start clusters of their own, whatever KAFKA_BROKERS says. */
export function describeWithKafkaJars(title: string, body: () => void): void {
  describeWith(kafkaJars, title, body)
}

function describeWith(kafka: () => Promise<unknown>, title: string, body: () => void): void {
  describe(title, () => {
    before(async function () {
      // Maven may have to get it first.
      this.timeout(700_000)
      try {
        await kafka()
      } catch (error) {
        if (!(error instanceof KafkaUnavailable)) throw error
        skipOrFail(this, { what: 'KAFKA TESTS', required: 'REQUIRE_KAFKA', error })
      }
    })
    body()
  })
}
