import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { PlainError } from '#internal/runtime/plain-error'
import { type Binaries, findBinaries } from './binaries.ts'
import { ensureCluster, type Files, filesIn } from './cluster.ts'
import { makeDataDir } from './data-dir.ts'
import { canEnter, type OsUser, runAs } from './os-user.ts'
import { choosePort, databaseUrl, findRunning, hasProcess, logTail, prepareLog, query } from './postmaster.ts'

export interface EmbeddedPostgresOptions {
  /** Made if missing. Belongs to one PostgreSQL alone. */
  dataDir: string
  /** False gives up safety against a crash of the machine for speed: for tests. */
  durable?: boolean
  /** Told in a plain sentence of what the user may want to know. */
  say?: (line: string) => void
}

export interface EmbeddedPostgres {
  /** Superuser URL of the database `belfry`. */
  url: string
  /** Superuser URL of the database `postgres`, from which others can be created and dropped. */
  adminUrl: string
  dataDir: string
  /** False when it has ended by itself: killed, or crashed. Start it again then; it recovers. */
  isRunning(): Promise<boolean>
  stop(): Promise<void>
}

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}
const unsafeSettings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }

/**
 * Runs the real PostgreSQL of the npm packages on a directory of ours, through its own initdb and pg_ctl. It is a daemon: a kill -9
 * of us leaves it running and the next start takes it over; a kill -9 of it is recovered from.
 * @throws PlainError with what to do; then nothing that this call started is left running.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { durable = true, say = () => undefined } = options
  const files = filesIn(path.resolve(options.dataDir))
  const user = await makeDataDir(files.dataDir)
  if (!(await canEnter(user, files.dataDir))) throw unreachable(files.dataDir, user)
  const binaries = await findBinaries(user, say)
  const password = await ensureCluster(files, binaries, user, durable)
  const port = (await findRunning(files, password, user)) ?? (await start(files, binaries, user, durable))
  const stop = () => stopCluster(files, binaries, user)
  const adminUrl = databaseUrl(port, password, 'postgres')
  try {
    const found = await query(adminUrl, `select 1 from pg_database where datname = 'belfry'`)
    if (found.length === 0) await query(adminUrl, 'create database belfry')
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: databaseUrl(port, password, 'belfry'),
    adminUrl,
    dataDir: files.dataDir,
    isRunning: () => hasProcess(files),
    stop,
  }
}

async function start(files: Files, binaries: Binaries, user: OsUser, durable: boolean): Promise<number> {
  await prepareLog(files, user)
  const deadline = Date.now() + 20_000
  for (;;) {
    const port = await choosePort(files)
    const flags = Object.entries({ ...settings, ...(durable ? {} : unsafeSettings), port }).map(
      ([k, v]) => `-c ${k}=${v}`,
    )
    const waitSeconds = 600 // Recovery after a crash reads up to max_wal_size, on any disk.
    const ran = await runAs(user, binaries.pgCtl, [
      ...['start', '--wait', `--timeout=${waitSeconds}`, `--pgdata=${files.cluster}`, `--log=${files.log}`],
      ...['-o', flags.join(' ')],
    ])
    if (ran.code === 0) return port
    // Children of a killed server may hold its memory for a moment, and a port can be taken in between.
    if (Date.now() > deadline)
      throw new PlainError(`PostgreSQL does not start. ${files.log} ends with:\n${await logTail(files)}`)
    await delay(250)
  }
}

async function stopCluster(files: Files, binaries: Binaries, user: OsUser): Promise<void> {
  const stop = (mode: string) =>
    runAs(user, binaries.pgCtl, ['stop', '--wait', '--timeout=30', `--mode=${mode}`, `--pgdata=${files.cluster}`])
  if ((await stop('fast')).code === 0) return
  const running = async () => (await runAs(user, binaries.pgCtl, ['status', `--pgdata=${files.cluster}`])).code === 0
  if (!(await running())) return
  // Loses nothing that was committed; the next start recovers.
  await stop('immediate')
  if (await running()) throw new Error(`the PostgreSQL in ${files.cluster} does not stop`)
}

const unreachable = (dataDir: string, user: OsUser) =>
  new PlainError(
    `PostgreSQL runs as the user ${user?.name ?? 'that you are'}, who cannot enter ${dataDir}. ` +
      'Set BELFRY_DATA_DIR to a directory that everybody may pass through, for instance below /var/lib.',
  )
