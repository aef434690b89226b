import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makeOpenDir, systemDir } from '#internal/embedded-postgres/binaries'
import { canEnter, choosePostgresUser } from '#internal/embedded-postgres/os-user'
import { startEmbeddedPostgres } from '#internal/embedded-postgres/start'
import { isAlive } from '#internal/runtime/is-alive'

export interface TestPostgres {
  /** Superuser URL from which databases are created and dropped. */
  adminUrl: string
}

const prefix = 'belfry-test-postgres-'
let started: Promise<TestPostgres & { stop(): Promise<void> }> | undefined

/** The PostgreSQL of this test run: that of TEST_DATABASE_URL (a superuser URL), else an embedded one, started on first use. */
export function testPostgres(): Promise<TestPostgres> {
  started ??= start()
  return started
}

export async function stopTestPostgres(): Promise<void> {
  const running = await started?.catch(() => undefined)
  started = undefined
  await running?.stop()
}

async function start(): Promise<TestPostgres & { stop(): Promise<void> }> {
  const outside = process.env.TEST_DATABASE_URL
  if (outside) return { adminUrl: outside, stop: async () => undefined }
  const base = await temporaryBase()
  await removeLeftovers(base)
  const directory = path.join(base, `${prefix}${process.pid}`)
  await makeOpenDir(directory)
  await writeFile(path.join(directory, 'owner.pid'), String(process.pid))
  const server = await startEmbeddedPostgres({ dataDir: path.join(directory, 'data'), durable: false })
  return {
    adminUrl: server.adminUrl,
    async stop() {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** A directory that PostgreSQL's user can get to. */
export async function temporaryBase(): Promise<string> {
  const user = await choosePostgresUser()
  for (const base of [tmpdir(), '/tmp']) if (await canEnter(user, base)) return base
  await mkdir(systemDir, { recursive: true })
  return systemDir
}

/** Ends and removes what test runs left that were killed. */
async function removeLeftovers(base: string): Promise<void> {
  for (const name of readdirSync(base).filter((entry) => entry.startsWith(prefix))) {
    const directory = path.join(base, name)
    try {
      const pid = Number(await readFile(path.join(directory, 'owner.pid'), 'utf8'))
      if (pid !== process.pid && isAlive(pid)) continue
      const postmaster = path.join(directory, 'data/cluster/postmaster.pid')
      if (existsSync(postmaster)) await endPostmaster(directory, postmaster)
      await rm(directory, { recursive: true, force: true })
    } catch {
      // Another user's, or another run is removing it right now.
    }
  }
}

/** Its data is of no use to anybody, so it is killed; only after its command line has shown that it is the one. */
async function endPostmaster(directory: string, pidFile: string): Promise<void> {
  const pid = Number((await readFile(pidFile, 'utf8')).split('\n')[0])
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  if (!command.includes(directory)) return
  process.kill(pid, 'SIGQUIT')
  for (let i = 0; i < 500 && isAlive(pid); i++) await new Promise((resolve) => setTimeout(resolve, 10))
}
