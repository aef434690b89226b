import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { isAlive } from '#internal/runtime/is-alive'

/** Removes what processes that are gone have left: the entries of `directory` whose names are `prefix` and a pid. */
export async function removeLeftovers(directory: string, prefix: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : 0
    if (!(pid > 0) || (pid !== process.pid && isAlive(pid))) continue
    // One that we may not remove is another user's.
    await rm(path.join(directory, name), { recursive: true, force: true }).catch(() => undefined)
  }
}
