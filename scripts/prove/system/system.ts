import path from 'node:path'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { runChild } from '#internal/testing/child'
import type { Options } from '../options.ts'
import type { Findings } from './findings.ts'
import { Kafka } from './kafka.ts'
import { Postgres } from './postgres.ts'
import { Server } from './server.ts'

/** The whole system as separate processes. */
export interface System {
  postgres: Postgres
  /** Undefined when PostgreSQL carries the log. */
  kafka: Kafka | undefined
  servers: Server[]
  apiPorts: number[]
  pushPorts: number[]
  stop(): Promise<void>
}

const copies = 2

export async function startSystem(directory: string, log: Options['log'], findings: Findings): Promise<System> {
  const postgres = await Postgres.start(directory)
  const system: System = {
    postgres,
    kafka: undefined,
    servers: [],
    apiPorts: [],
    pushPorts: [],
    stop: () => stopAll(system),
  }
  try {
    if (log === 'kafka') system.kafka = await Kafka.start(directory)
    await migrate(system)
    for (const role of ['api', 'worker', 'push'] as const)
      for (let n = 0; n < copies; n++) await addServer(system, role, n, directory, findings)
    await Promise.all(system.servers.map((server) => server.ready()))
  } catch (error) {
    await system.stop()
    throw error
  }
  return system
}

async function migrate({ postgres, kafka }: System): Promise<void> {
  const main = path.resolve(import.meta.dirname, '../../../cmd/cli/main.ts')
  const env = { PATH: process.env.PATH ?? '', BELFRY_DATABASE_URL: postgres.url, ...kafka?.env }
  const child = runChild(main, ['migrate'], env)
  if ((await child.ended) !== 0) throw new Error(`belfry migrate failed:\n${child.stdout}${child.stderr}`)
}

async function addServer(
  system: System,
  role: Server['role'],
  n: number,
  directory: string,
  findings: Findings,
): Promise<void> {
  const [port, internalPort] = [await findFreePort(), await findFreePort()]
  if (role === 'api') system.apiPorts.push(port)
  if (role === 'push') system.pushPorts.push(port)
  const env = {
    ...shared(system.postgres.url),
    ...(role === 'api' ? {} : system.kafka?.env),
    ...own[role](String(port)),
    BELFRY_INTERNAL_PORT: String(internalPort),
  }
  const isWithoutPostgres = () => system.postgres.isHarmed
  const server = new Server({ role, name: `${role}-${n}`, env, internalPort, directory, findings, isWithoutPostgres })
  system.servers.push(server)
  server.start()
}

const secret = 'a secret that all processes of the run share'
const shared = (url: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  BELFRY_DATABASE_URL: url,
  BELFRY_HOST: '127.0.0.1',
  BELFRY_INTERNAL_HOST: '127.0.0.1',
  BELFRY_LOG_LEVEL: 'warn',
})
const own: Record<Server['role'], (port: string) => Record<string, string>> = {
  api: (port) => ({
    BELFRY_PORT: port,
    BELFRY_JWT_SECRET: secret,
    BELFRY_RATE_LIMIT_PER_MINUTE: '0',
    BELFRY_RATE_LIMIT_ADDRESS_PER_MINUTE: '0',
    BELFRY_REGISTRATIONS_PER_HOUR: '0',
  }),
  worker: () => ({}),
  // A small ring, so that many of those who come back are caught up from PostgreSQL.
  push: (port) => ({
    BELFRY_PUSH_PORT: port,
    BELFRY_JWT_SECRET: secret,
    BELFRY_DRAIN_SECONDS: '2',
    BELFRY_RING_MB: '4',
  }),
}

async function stopAll({ servers, postgres, kafka }: System): Promise<void> {
  for (const server of servers) server.resume()
  await Promise.all(servers.map((server) => server.terminate()))
  await Promise.all([postgres.stop(), kafka?.stop()])
}
