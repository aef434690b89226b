import { readFile, statfs } from 'node:fs/promises'
import path from 'node:path'
import { writePrivate } from '#internal/embedded-postgres/cluster'
import { defaultDataDir, makeDataDir } from '#internal/embedded-postgres/data-dir'
import { newSecret } from '#internal/runtime/ids'
import { PlainError } from '#internal/runtime/plain-error'

const leastMegabytes = 150

/** Makes the data directory ready. Returns where it is: not where it was wanted when PostgreSQL could not get there. */
export async function prepareData(wanted: { directory: string; chosen: boolean }): Promise<string> {
  const directory = wanted.chosen ? wanted.directory : await defaultDataDir(wanted.directory)
  await makeDataDir(directory)
  const { bavail, bsize } = await statfs(directory)
  const megabytes = Math.floor((bavail * bsize) / 2 ** 20)
  if (megabytes < leastMegabytes) {
    throw new PlainError(
      `Only ${megabytes} MB are free in ${directory}, and PostgreSQL needs ${leastMegabytes}. Make room, or set BELFRY_DATA_DIR.`,
    )
  }
  return directory
}

/** The key of this installation that signs access tokens: made once, so that they outlive a restart. */
export async function keptSecret(directory: string, name: string): Promise<string> {
  const file = path.join(directory, name)
  const kept = (
    await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
  ).trim()
  if (kept !== '') return kept
  const secret = newSecret()
  await writePrivate(file, `${secret}\n`)
  return secret
}
