import { readFile } from 'node:fs/promises'
import { PlainError } from '#internal/runtime/plain-error'
import { filesIn } from './cluster.ts'
import { databaseUrl, hasProcess } from './postmaster.ts'

/**
 * Superuser URL of the database `belfry` in a data directory whose PostgreSQL runs; undefined when it does not. Changes nothing.
 * @throws PlainError when this user may not know.
 */
export async function runningUrl(dataDir: string): Promise<string | undefined> {
  const files = filesIn(dataDir)
  try {
    const password = await readFile(files.password, 'utf8')
    if (!(await hasProcess(files))) return undefined
    // Remembered by whoever started it last.
    const port = await readFile(files.port, 'utf8')
    return databaseUrl(Number(port), password.trim(), 'belfry')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code !== 'EACCES') throw error
    throw new PlainError(`Only the user who runs the PostgreSQL in ${dataDir} may use it. Run this as that user.`)
  }
}
