import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, openSync } from 'node:fs'
import { chmod, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Knex } from 'knex'
import { migrate } from '#internal/db/migrate'
import { migrations } from '#internal/db/migrations/index'
import { createPool } from '#internal/db/pool'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { query } from '#internal/embedded-postgres/postmaster'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#internal/embedded-postgres/start'
import { temporaryBase } from '#internal/testing/postgres'
import { BenchKafka, type LogName } from './kafka.ts'
import { accepts, endProcess, Processes } from './processes.ts'
import { type Handlers, Remote } from './remote.ts'
import type { Row } from './table.ts'

export type Bench = (workbench: Workbench) => Promise<Row[]>

export interface Options {
  quick: boolean
  /** Where the processes of Belfry leave their CPU profiles when they stop; none when undefined. */
  profileDir: string | undefined
  log: LogName
}

export interface Database {
  url: string
  db: Knex
  /** How its processes reach the log. */
  logSettings: Record<string, string>
}

/** A running process of Belfry. */
export interface Role {
  pid: number
  port: number
  end(signal?: NodeJS.Signals): Promise<void>
  /** Makes it collect its garbage. */
  settle(): void
}

/** What benches are made with: a durable PostgreSQL, databases in it, Kafka if it is to carry the log, Belfry's processes and load programs. */
export class Workbench {
  readonly quick: boolean
  readonly log: LogName
  /** Alert POSTs per second, once measured: other benches load the system with a share of it. */
  alertRate: number | undefined
  readonly #profileDir: string | undefined
  readonly #directory: string
  readonly #postgres: EmbeddedPostgres
  readonly #kafka: BenchKafka | undefined
  readonly #processes = new Processes()
  readonly #pools: Knex[] = []

  static async open(options: Options): Promise<Workbench> {
    const directory = mkdtempSync(path.join(await temporaryBase(), 'belfry-bench-'))
    await chmod(directory, 0o755)
    const kafka = options.log === 'kafka' ? await BenchKafka.start(directory) : undefined
    const postgres = await startEmbeddedPostgres({ dataDir: path.join(directory, 'data') })
    return new Workbench(options, directory, postgres, kafka)
  }

  private constructor(options: Options, directory: string, postgres: EmbeddedPostgres, kafka: BenchKafka | undefined) {
    this.quick = options.quick
    this.log = options.log
    this.#profileDir = options.profileDir
    this.#directory = directory
    this.#postgres = postgres
    this.#kafka = kafka
  }

  say(line: string): void {
    console.log(line)
  }

  /** A migrated database of the bench's own. */
  async database(name: string): Promise<Database> {
    const database = `bench_${name.replaceAll('-', '_')}`
    await query(this.#postgres.adminUrl, `create database ${database}`)
    const url = new URL(this.#postgres.url)
    url.pathname = `/${database}`
    const db = createPool({ url: url.href, max: 4, name: 'bench' })
    this.#pools.push(db)
    await migrate(db, url.href, migrations)
    return { url: url.href, db, logSettings: (await this.#kafka?.prepare(db, database)) ?? {} }
  }

  /** Starts api, push or worker from its main and waits until it is ready. `port` is its public one. */
  async role(name: 'api' | 'push' | 'worker', database: Database, port?: number): Promise<Role> {
    const [publicPort, internalPort] = [port ?? (await findFreePort()), await findFreePort()]
    const log = path.join(this.#directory, `${name}.log`)
    const output = openSync(log, 'a')
    const profile = this.#profileDir ? ['--cpu-prof', `--cpu-prof-dir=${this.#profileDir}`] : []
    const flags = ['--expose-gc', `--import=${path.join(import.meta.dirname, 'collect-garbage.ts')}`, ...profile]
    const child = this.#processes.start(`cmd/${name}/main.ts`, flags, {
      stdio: ['ignore', output, output],
      env: { ...outsideEnvironment(), ...settingsOf(name, database, publicPort, internalPort) },
    })
    await ready(child, name === 'worker' ? internalPort : publicPort, log)
    return {
      pid: child.pid!,
      port: publicPort,
      end: (signal) => endProcess(child, signal),
      settle: () => void child.kill('SIGUSR2'),
    }
  }

  /** Starts a load program or a rival, which answers calls. */
  program<H extends Handlers>(file: string): Remote<H> {
    const child = this.#processes.start(`scripts/bench/${file}`, [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...outsideEnvironment(), NODE_ENV: 'production' },
    })
    return new Remote<H>(child, file)
  }

  async endProcesses(): Promise<void> {
    await this.#processes.endAll()
  }

  async close(): Promise<void> {
    await this.endProcesses()
    await Promise.all(this.#pools.map((pool) => pool.destroy()))
    await this.#postgres.stop()
    await this.#kafka?.stop()
    await rm(this.#directory, { recursive: true, force: true })
  }
}

/** Whoever has settings of Belfry in the shell must get the same figures. */
function outsideEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BELFRY_')))
}

function settingsOf(name: string, database: Database, port: number, internalPort: number): NodeJS.ProcessEnv {
  return {
    ...(name === 'api' ? {} : database.logSettings),
    BELFRY_DATABASE_URL: database.url,
    // As many as the rival of the write bench has clients.
    BELFRY_DATABASE_POOL: '16',
    BELFRY_HOST: '127.0.0.1',
    [name === 'push' ? 'BELFRY_PUSH_PORT' : 'BELFRY_PORT']: String(port),
    BELFRY_INTERNAL_PORT: String(internalPort),
    BELFRY_JWT_SECRET: 'only-for-the-bench-only-for-the-bench',
    BELFRY_DRAIN_SECONDS: '0',
    BELFRY_RATE_LIMIT_PER_MINUTE: '0',
    BELFRY_RATE_LIMIT_ADDRESS_PER_MINUTE: '0',
    BELFRY_REGISTRATIONS_PER_HOUR: '0',
  }
}

async function ready(child: ChildProcess, port: number, log: string): Promise<void> {
  for (let i = 0; i < 3000; i++) {
    if (await accepts(port)) return
    if (child.exitCode !== null) throw new Error(`it did not start:\n${(await readFile(log, 'utf8')).slice(-2000)}`)
    await delay(10)
  }
  throw new Error('it was not ready after 30 s')
}
