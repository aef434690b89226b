import { open, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { isAlive } from '#internal/runtime/is-alive'
import { PlainError } from '#internal/runtime/plain-error'
import { type Files, writePrivate } from './cluster.ts'
import { giveTo, type OsUser, runAs } from './os-user.ts'
import { findFreePort, portProblem } from './ports.ts'

/** What postmaster.pid says of a PostgreSQL that runs or ran. */
interface PidFile {
  pid: number
  port: number
}

export const databaseUrl = (port: number, password: string, database: string): string =>
  `postgres://belfry:${password}@127.0.0.1:${port}/${database}`

/**
 * Finds out whether the cluster's PostgreSQL runs already, left by a process that was killed. Waits while it starts or stops.
 * Returns its port, or undefined when it does not run and may be started.
 */
export async function findRunning(files: Files, password: string, user: OsUser): Promise<number | undefined> {
  const deadline = Date.now() + 120_000
  let last: unknown
  while (Date.now() < deadline) {
    const found = await readPidFile(files)
    if (!found || !isAlive(found.pid)) return undefined
    if (!(await isOurs(found.pid, files))) {
      await disownPidFile(files, user)
      return undefined
    }
    try {
      await query(databaseUrl(found.port, password, 'postgres'), 'select 1')
      return found.port
    } catch (error) {
      last = error
      const { code } = error as { code?: string }
      if (code === '28P01')
        throw new PlainError(`The PostgreSQL in ${files.cluster} refuses the password in ${files.password}.`)
    }
    await delay(50)
  }
  throw new PlainError(
    `The PostgreSQL in ${files.cluster} runs but does not answer: ${(last as Error).message}. See ${files.log}.`,
  )
}

/** Whether the cluster's PostgreSQL has a process; asks it nothing. */
export async function hasProcess(files: Files): Promise<boolean> {
  const found = await readPidFile(files)
  return found !== undefined && isAlive(found.pid) && (await isOurs(found.pid, files))
}

async function readPidFile(files: Files): Promise<PidFile | undefined> {
  const lines = (await readFile(path.join(files.cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const pid = Math.abs(Number(lines[0]))
  return pid > 0 ? { pid, port: Number(lines[3]) } : undefined
}

/** Whether that process is a PostgreSQL on this cluster, and not another one that got the number after a crash. */
async function isOurs(pid: number, files: Files): Promise<boolean> {
  const command =
    process.platform === 'linux'
      ? (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')
      : (await runAs(undefined, '/bin/ps', ['-p', String(pid), '-o', 'command='])).output
  return command.includes('postgres') && command.includes(files.cluster)
}

// PostgreSQL would take that process for another server and not start. The file itself must stay: its shared memory key is how
// PostgreSQL finds children of the old server that are still at work. 2^31-1 is no process anywhere.
async function disownPidFile(files: Files, user: OsUser): Promise<void> {
  const file = path.join(files.cluster, 'postmaster.pid')
  const [, ...rest] = (await readFile(file, 'utf8')).split('\n')
  await writeFile(`${file}.tmp`, [2 ** 31 - 1, ...rest].join('\n'), { mode: 0o600 })
  await giveTo(user, `${file}.tmp`)
  await rename(`${file}.tmp`, file)
}

/** The remembered port if it is free, else a new one that is remembered from now on. */
export async function choosePort(files: Files): Promise<number> {
  const remembered = Number(await readFile(files.port, 'utf8').catch(() => ''))
  if (remembered > 0 && (await portProblem(remembered, '127.0.0.1')) === undefined) return remembered
  const port = await findFreePort()
  await writePrivate(files.port, `${port}\n`)
  return port
}

/** Makes the log file, which PostgreSQL's user may not, and sets a long one aside. */
export async function prepareLog(files: Files, user: OsUser): Promise<void> {
  const handle = await open(files.log, 'a', 0o600)
  const { size } = await handle.stat().finally(() => handle.close())
  if (size > 10_000_000) {
    await rename(files.log, `${files.log}.old`)
    await (await open(files.log, 'a', 0o600)).close()
  }
  await giveTo(user, files.log)
}

/** The newest lines that PostgreSQL wrote, for an error message. */
export async function logTail(files: Files): Promise<string> {
  const lines = (await readFile(files.log, 'utf8').catch(() => '')).trimEnd().split('\n')
  return lines.slice(-8).join('\n')
}

/** One statement on a connection of its own. */
export async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  // Without a listener, a server that goes away would end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query(text)).rows as unknown[]
  } finally {
    await client.end().catch(() => undefined)
  }
}
