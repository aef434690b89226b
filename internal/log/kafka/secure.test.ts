import assert from 'node:assert/strict'
import path from 'node:path'
import { PlainError } from '#internal/runtime/plain-error'
import { temporaryDirectory } from '#internal/testing/directory'
import { describeWithKafkaJars } from '#internal/testing/kafka/describe'
import { makeCertificate, type SecureKafka, startSecureKafka } from '#internal/testing/kafka/secure'
import { waitFor } from '#internal/testing/wait-for'
import { LogBed } from './testing.ts'

describeWithKafkaJars('the log on a Kafka with TLS and passwords', () => {
  let kafka: SecureKafka
  let directory: string
  let remove: () => Promise<void>
  let right: NodeJS.ProcessEnv
  before(async function () {
    this.timeout(120_000)
    const made = await temporaryDirectory()
    directory = made.directory
    remove = made.remove
    kafka = await startSecureKafka(directory)
    right = {
      BELFRY_KAFKA_TLS: 'on',
      BELFRY_KAFKA_TLS_CA_FILE: kafka.caFile,
      BELFRY_KAFKA_SASL: 'scram-sha-512',
      BELFRY_KAFKA_USERNAME: kafka.username,
      BELFRY_KAFKA_PASSWORD: kafka.password,
    }
  })
  after(async () => {
    await kafka?.stop()
    await remove?.()
  })

  for (const mechanism of ['scram-sha-512', 'plain'])
    it(`carries events and marks, by ${mechanism}`, async () => {
      const bed = await LogBed.make(kafka.brokers, { ...right, BELFRY_KAFKA_SASL: mechanism })
      try {
        await bed.relay()
        const follower = await bed.follower()
        const log = await bed.log()
        const handled: number[] = []
        const objects: unknown[] = []
        bed.use(log.consume('test', async (_trx, { position }) => void handled.push(position)))
        bed.use(log.receiveMarks(async (_trx, marks) => void objects.push(...marks)))
        await log.sendMarks([{ kind: 'delivered', object_id: 1, position: 1, at: new Date().toISOString() }])
        while ((await follower.from('kafka')) < 50) await bed.write(1, 2, 3)
        await bed.published()
        await waitFor(() => handled.length === follower.seen.length && objects.length === 1, {
          what: 'all to be handled',
        })
      } finally {
        await bed.stop()
      }
    })

  const refused: [string, () => Promise<NodeJS.ProcessEnv>, RegExp][] = [
    ['a wrong password', async () => ({ BELFRY_KAFKA_PASSWORD: 'wrong' }), /[Aa]uthentication failed/],
    [
      'another mechanism',
      async () => ({ BELFRY_KAFKA_SASL: 'scram-sha-256' }),
      /does not support the requested SASL mechanism/,
    ],
    ['no certificate to trust', async () => ({ BELFRY_KAFKA_TLS_CA_FILE: undefined }), /self-signed certificate/],
    [
      'the certificate of somebody else',
      async () => {
        const { caFile } = await makeCertificate(path.join(directory, 'other'))
        return { BELFRY_KAFKA_TLS_CA_FILE: caFile }
      },
      /self-signed certificate/,
    ],
    ['no TLS', async () => ({ BELFRY_KAFKA_TLS: 'off' }), /it may be that they want TLS or a password/],
    ['no password', async () => ({ BELFRY_KAFKA_SASL: 'none' }), /it may be that they want TLS or a password/],
  ]
  for (const [what, more, reason] of refused)
    it(`says in one line what is wrong with ${what}`, async () => {
      await assert.rejects(LogBed.make(kafka.brokers, { ...right, ...(await more()) }), (error) => {
        assert.ok(error instanceof PlainError, String(error))
        assert.match(error.message, /^Kafka at \S+ cannot be used: /)
        assert.match(error.message, reason)
        assert.doesNotMatch(error.message, /\n/)
        return true
      })
    })
})
