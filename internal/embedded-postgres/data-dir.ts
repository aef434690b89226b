import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { makeOpenDir, systemDir } from './binaries.ts'
import { clusterOwner, filesIn } from './cluster.ts'
import { canEnter, choosePostgresUser, type OsUser } from './os-user.ts'

/**
 * Where the data goes when nobody chose: `wanted`, unless we are root and PostgreSQL's user cannot get there; then a directory
 * of this checkout's own below /var/lib. Where a database exists already, there it stays.
 */
export async function defaultDataDir(wanted: string): Promise<string> {
  const hasData = (directory: string) => existsSync(filesIn(directory).cluster)
  if (process.getuid?.() !== 0 || hasData(wanted)) return wanted
  const outside = outsideDir(wanted)
  if (hasData(outside)) return outside
  if (await canEnter(await choosePostgresUser(), path.dirname(wanted))) return wanted
  await makeOpenDir(systemDir)
  return outside
}

/** Where the data is when it cannot be in `wanted`. */
export function outsideDir(wanted: string): string {
  const hash = createHash('sha256').update(wanted).digest('hex').slice(0, 10)
  return path.join(systemDir, `data-${hash}`)
}

/** Makes the directory if it is missing, so that the user that PostgreSQL runs as can pass; returns that user. */
export async function makeDataDir(directory: string): Promise<OsUser> {
  const user = await choosePostgresUser(await clusterOwner(filesIn(directory)))
  const mode = user ? 0o711 : 0o700
  // Directories that existed are not ours to change.
  for (const missing of missingDirectories(directory)) {
    // One by one: making several at once never ends below /proc.
    await mkdir(missing, { mode }).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    // The umask may have taken rights.
    await chmod(missing, mode)
  }
  // Says so when a file is in the way.
  await readdir(directory)
  return user
}

function missingDirectories(directory: string): string[] {
  if (existsSync(directory)) return []
  return [...missingDirectories(path.dirname(directory)), directory]
}
