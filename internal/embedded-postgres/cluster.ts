import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { PlainError } from '#internal/runtime/plain-error'
import type { Binaries } from './binaries.ts'
import { giveTo, type OsUser, runAs } from './os-user.ts'

/** What lies in a data directory. */
export interface Files {
  dataDir: string
  /** PGDATA; exists only when initdb finished. */
  cluster: string
  password: string
  port: string
  log: string
}

export function filesIn(dataDir: string): Files {
  const inDir = (name: string) => path.join(dataDir, name)
  return {
    dataDir,
    cluster: inDir('cluster'),
    password: inDir('password'),
    port: inDir('port'),
    log: inDir('postgres.log'),
  }
}

/** Uid and gid of the cluster, or undefined when there is none yet. */
export async function clusterOwner(files: Files): Promise<{ uid: number; gid: number } | undefined> {
  const found = await stat(files.cluster).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return found && { uid: found.uid, gid: found.gid }
}

/**
 * Makes the cluster if there is none. initdb works under another name and the rename comes last: a crash in the middle leaves
 * nothing that looks finished. Returns the superuser's password.
 */
export async function ensureCluster(files: Files, binaries: Binaries, user: OsUser, durable: boolean): Promise<string> {
  if (await clusterOwner(files)) return readPassword(files)
  const unfinished = `${files.cluster}.new`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await giveTo(user, unfinished)
  const password = randomBytes(24).toString('hex')
  await writePrivate(files.password, `${password}\n`)
  await giveTo(user, files.password)
  const ran = await runAs(user, binaries.initdb, [
    `--pgdata=${unfinished}`,
    '--username=belfry',
    `--pwfile=${files.password}`,
    '--auth=scram-sha-256',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--encoding=UTF8',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ])
  if (ran.code !== 0) throw new PlainError(`PostgreSQL's initdb failed in ${files.dataDir}:\n${ran.output}`)
  await rename(unfinished, files.cluster)
  if (durable) await syncDirectory(files.dataDir)
  return password
}

async function readPassword(files: Files): Promise<string> {
  const password = (await readFile(files.password, 'utf8').catch(() => '')).trim()
  if (password !== '') return password
  throw new PlainError(
    `${files.password} is missing, and the database in ${files.cluster} cannot be opened without it. Restore it.`,
  )
}

/** Writes a file of mode 0600 that is whole or not there, also after a crash of the machine. */
export async function writePrivate(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`
  await rm(temporary, { force: true })
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, file)
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  await handle.sync().finally(() => handle.close())
}
