import { startApi } from '#cmd/api/start'
import { startPush } from '#cmd/push/start'
import { startTimer } from '#cmd/scheduler/timer'
import { startWorker } from '#cmd/worker/start'
import { migrate } from '#internal/db/migrate'
import { migrations } from '#internal/db/migrations/index'
import { portProblem } from '#internal/embedded-postgres/ports'
import { portLine } from '#internal/platform/explain'
import { prepareLog, startLog } from '#internal/platform/log'
import { startPlatform } from '#internal/platform/start'
import { PlainError } from '#internal/runtime/plain-error'
import type { Lifecycle } from '#internal/runtime/run'
import type { Logger } from '#internal/telemetry/log'
import type { AllConfig } from './config.ts'
import { keptSecret, prepareData } from './data.ts'
import { createFront } from './front.ts'
import { lockDataDir } from './instance-lock.ts'
import { startPostgres } from './postgres.ts'

export interface StartAllOptions {
  config: AllConfig
  logger: Logger
  data: { directory: string; chosen: boolean }
  /** Writes a line to the terminal. */
  say: (line: string) => void
}

// Whoever writes is in this process and wakes who waits; only marks and strangers have to be looked for.
const pollMs = 200

/** Starts everything, PostgreSQL first and the public port last. Resolves when clients are served. */
export async function startAll(lifecycle: Lifecycle, { config, logger, data, say }: StartAllOptions): Promise<void> {
  // What takes no time and fails most often comes first.
  await checkPorts(config)
  const directory = await prepareData(data)
  lifecycle.onStop('data directory', await lockDataDir(directory))
  const DATABASE_URL = config.DATABASE_URL ?? (await startPostgres(lifecycle, directory, say))
  const JWT_SECRET = config.JWT_SECRET ?? (await keptSecret(directory, 'jwt-secret'))
  const full = { ...config, DATABASE_URL, JWT_SECRET }

  const bare = await startPlatform(lifecycle, 'all', full, logger, pollMs)
  await migrate(bare.db, DATABASE_URL, migrations)
  await prepareLog(bare.db, full, logger).catch((error) => logger.warn((error as Error).message))
  const platform = await startLog(lifecycle, bare, full)
  const worker = await startWorker(lifecycle, platform, full)
  await startTimer(lifecycle, platform, full)
  const cutFront = { now: () => {} }
  // After push has asked its clients to go.
  lifecycle.onStop('front connections', () => cutFront.now())
  const push = await startPush(lifecycle, platform, { ...full, HOST: '127.0.0.1', PUSH_PORT: 0 })
  const api = startApi(platform, full, { onWrite: () => worker.wake() })
  const front = createFront({ callback: api.callback, pushPort: push.port })
  cutFront.now = front.destroy
  const port = await front.listen(config.PORT, config.HOST)
  lifecycle.onStop('front listener', () => {
    api.stopWaiting()
    return front.close(5000)
  })
  platform.readiness.started()

  const moved = directory === data.directory ? '' : `, for PostgreSQL's user cannot enter ${data.directory}`
  say(
    `Data is kept in ${directory}${moved}${config.DATABASE_URL ? '; PostgreSQL is that of BELFRY_DATABASE_URL' : ''}.`,
  )
  if (config.PASSWORD_MIN_LENGTH < 8) {
    say(`Passwords of ${config.PASSWORD_MIN_LENGTH} characters are accepted; BELFRY_PASSWORD_MIN_LENGTH asks for more.`)
  }
  const isLocal = ['0.0.0.0', '127.0.0.1', '::', '::1'].includes(config.HOST)
  say(`Belfry is ready: http://${isLocal ? 'localhost' : config.HOST}:${port}`)
}

async function checkPorts({ PORT, HOST, INTERNAL_PORT, INTERNAL_HOST }: AllConfig): Promise<void> {
  if (PORT === INTERNAL_PORT && PORT !== 0) {
    throw new PlainError(`BELFRY_PORT and BELFRY_INTERNAL_PORT are both ${PORT}. Set one of them to another port.`)
  }
  for (const [setting, port, host] of [
    ['PORT', PORT, HOST],
    ['INTERNAL_PORT', INTERNAL_PORT, INTERNAL_HOST],
  ] as const) {
    const code = await portProblem(port, host)
    if (code !== undefined) throw new PlainError(portLine(code, setting, port, host))
  }
}
