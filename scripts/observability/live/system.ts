import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Role, Roles, runProgram } from '#cmd/all/testing'
import { jobs } from '#cmd/scheduler/jobs/index'
import { startTestSmtp, type TestSmtp } from '#internal/deliveries/testing'
import { findFreePort } from '#internal/embedded-postgres/ports'
import type { Child } from '#internal/testing/child'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { KafkaUnavailable } from '#internal/testing/kafka/jars'
import { testKafka } from '#internal/testing/kafka/kafka'
import type { Target } from './prometheus.ts'

/** Where nothing listens. */
const nowhere = 'http://127.0.0.1:1'

/** The product as the chart runs it: each role a process of its own, on PostgreSQL and, where it can be had, Kafka. */
export interface System {
  hasKafka: boolean
  targets: Target[]
  api: string
  pushes: string[]
  /** What was said as an error. */
  errors(): string[]
  stop(): Promise<void>
}

/**
 * @param directory gets the operator's files
 * @param more settings of the roles
 */
export async function startSystem(directory: string, more: Record<string, string> = {}): Promise<System> {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const one of stops.toReversed()) await one()
  }
  try {
    const database = await testDatabase()
    stops.push(() => database.drop())
    const smtp = await startTestSmtp()
    stops.push(() => smtp.stop())
    const kafka = await kafkaSettings(database)
    const roles = new Roles(database.url, { ...kafka, ...moreSettings(smtp), ...more })
    stops.push(() => roles.killAll())
    if (kafka) await program('cli/main.ts', ['migrate'], roles.env)
    // Before the worker, which looks at once and then every 15 s.
    await Promise.all([...jobs.keys()].map((job) => program('scheduler/main.ts', [job], roles.env)))
    const operator = await startOperator(directory)
    stops.push(() => operator.stop())
    const [api, worker] = [await roles.start('api'), await roles.start('worker')]
    const pushes = [await roles.start('push'), await roles.start('push')]
    return {
      hasKafka: kafka !== undefined,
      targets: [...[api, worker, ...pushes].map(targetOf), operator.target],
      api: api.base,
      pushes: pushes.map(({ base }) => base),
      errors: () => roles.errors(),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function kafkaSettings({ url }: TestDatabase): Promise<Record<string, string> | undefined> {
  const brokers = await testKafka().catch((error: unknown) => {
    if (error instanceof KafkaUnavailable && process.env.REQUIRE_KAFKA !== '1') return undefined
    throw error
  })
  return (
    brokers && {
      BELFRY_LOG: 'kafka',
      BELFRY_KAFKA_BROKERS: brokers.join(','),
      BELFRY_KAFKA_PREFIX: new URL(url).pathname.slice(1),
      BELFRY_KAFKA_PARTITIONS: '2',
    }
  )
}

/** E-mail that works, and a storage and webhooks that do not: there has to be something that fails. */
const moreSettings = (smtp: TestSmtp) => ({
  BELFRY_SMTP_URL: smtp.url,
  BELFRY_MAIL_FROM: 'belfry@example.com',
  BELFRY_WEBHOOK_URL: nowhere,
  BELFRY_WEBHOOK_SECRET: 'nobody looks at this',
  BELFRY_DELIVERY_ATTEMPTS: '1',
  BELFRY_ATTACHMENTS_S3_URL: nowhere,
  BELFRY_ATTACHMENTS_S3_BUCKET: 'none',
  BELFRY_ATTACHMENTS_S3_KEY: 'none',
  BELFRY_ATTACHMENTS_S3_SECRET: 'none',
})

const targetOf = ({ name, internal }: Role): Target => {
  const { host, port } = new URL(internal)
  return { job: `belfry-${name}`, pod: `${name}-${port}`, address: host }
}

async function program(file: string, args: string[], env: Record<string, string>): Promise<void> {
  const child = runProgram(file, args, env)
  if ((await child.ended) !== 0) throw new Error(`${file} ${args.join(' ')}: ${child.stdout}${child.stderr}`)
}

/** Without an API server it finds nothing to do, but what it shows is there. */
async function startOperator(directory: string): Promise<{ target: Target; stop(): Promise<void> }> {
  const port = await findFreePort()
  const [template, kubeconfig] = ['job-template.yaml', 'kubeconfig.yaml'].map((file) => path.join(directory, file))
  writeFileSync(template!, jobTemplate)
  writeFileSync(kubeconfig!, unreachable)
  const child: Child = runProgram('operator/main.ts', [], {
    PATH: process.env.PATH,
    KUBECONFIG: kubeconfig,
    POD_NAME: 'operator',
    POD_NAMESPACE: 'belfry',
    BELFRY_INTERNAL_PORT: String(port),
    BELFRY_INTERNAL_HOST: '127.0.0.1',
    BELFRY_LOG_LEVEL: 'silent',
    BELFRY_OPERATOR_JOB_TEMPLATE: template,
  })
  return {
    target: { job: 'belfry-operator', pod: 'operator', address: `127.0.0.1:${port}` },
    async stop() {
      child.process.kill('SIGKILL')
      await child.ended
    },
  }
}

const jobTemplate = `
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: scheduler, image: belfry/belfry, command: [node, dist/cmd/scheduler/main.js, raise] }]
`
const unreachable = `
apiVersion: v1
kind: Config
current-context: none
clusters: [{ name: none, cluster: { server: '${nowhere}' } }]
contexts: [{ name: none, context: { cluster: none, user: none } }]
users: [{ name: none, user: {} }]
`
