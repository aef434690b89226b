import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs'
import { temporaryDirectory } from '../directory.ts'
import { describeWithKafkaJars } from './describe.ts'
import { makeCertificate, type SecureKafka, startSecureKafka } from './secure.ts'

describeWithKafkaJars('a Kafka with TLS and passwords', () => {
  let kafka: SecureKafka
  let directory: string
  let remove: () => Promise<void>

  before(async function () {
    this.timeout(120_000)
    const made = await temporaryDirectory()
    directory = made.directory
    remove = made.remove
    kafka = await startSecureKafka(directory)
  })

  after(async () => {
    await kafka?.stop()
    await remove?.()
  })

  const tls = (caFile: string) => ({ ca: readFileSync(caFile) })

  async function topics(config: Partial<KafkaConfig>): Promise<string[]> {
    const once = { requestTimeout: 5000, retry: { retries: 0 } }
    const admin = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING, ...once, ...config }).admin()
    try {
      await admin.connect()
      return await admin.listTopics()
    } finally {
      await admin.disconnect()
    }
  }

  for (const mechanism of ['scram-sha-512', 'plain'] as const) {
    const saslOf = (password: string) => ({ mechanism, username: kafka.username, password }) as SASLOptions

    it(`lets in who knows the password, by ${mechanism}`, async () => {
      assert.deepEqual(await topics({ ssl: tls(kafka.caFile), sasl: saslOf(kafka.password) }), [])
    })

    it(`refuses a wrong password, by ${mechanism}`, async () => {
      const wrong = topics({ ssl: tls(kafka.caFile), sasl: saslOf('wrong') })
      await assert.rejects(wrong, { name: 'KafkaJSSASLAuthenticationError' })
    })
  }

  it('has a certificate that another authority does not vouch for', async () => {
    const { caFile } = await makeCertificate(path.join(directory, 'other'))
    await assert.rejects(topics({ ssl: tls(caFile) }), /certificate/)
  })

  it('does not serve without a password, nor without TLS', async () => {
    await assert.rejects(topics({ ssl: tls(kafka.caFile) }), /closed|disconnected/i)
    await assert.rejects(topics({}), /closed|disconnected/i)
  })
})
