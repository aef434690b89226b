import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isAlive } from '#internal/runtime/is-alive'
import { PlainError } from '#internal/runtime/plain-error'

/**
 * Makes this process the only Belfry on a data directory, with the file `belfry.pid`. One that a killed process left is taken over.
 * Returns how to give it back.
 * @throws PlainError when another Belfry that is alive has it.
 */
export async function lockDataDir(directory: string): Promise<() => Promise<void>> {
  const file = path.join(directory, 'belfry.pid')
  const mine = path.join(directory, `belfry.pid.${randomUUID()}`)
  await writeFile(mine, `${process.pid}\n${await startTime(process.pid)}\n`)
  try {
    // A link either makes the whole file or fails.
    while (!(await tryLink(mine, file))) {
      const text = await readFile(file, 'utf8').catch(() => '')
      const pid = await aliveHolder(text)
      if (pid !== undefined)
        throw new PlainError(`Another Belfry (pid ${pid}) uses ${directory}. Stop it, or set BELFRY_DATA_DIR.`)
      await removeDead(file, `${mine}.dead`, text)
    }
  } finally {
    await rm(mine, { force: true })
  }
  return () => rm(file, { force: true })
}

async function tryLink(existing: string, file: string): Promise<boolean> {
  try {
    await link(existing, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** The pid in the text, if that very process still runs and not a later one that got its number. */
async function aliveHolder(text: string): Promise<number | undefined> {
  const [pidText, started] = text.split('\n')
  const pid = Number(pidText)
  if (!(pid > 0) || pid === process.pid || !isAlive(pid)) return undefined
  return (await startTime(pid)) === started ? pid : undefined
}

// Another starter may have taken the dead lock over since it was read: what was moved away then is its, and goes back.
async function removeDead(file: string, moved: string, expected: string): Promise<void> {
  try {
    await rename(file, moved)
  } catch {
    return
  }
  if ((await readFile(moved, 'utf8')) === expected) await rm(moved)
  else await rename(moved, file)
}

/** When the process started, in the kernel's own unit; empty where there is no /proc, and then only the pid counts. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The second field is the program's name in brackets and may hold spaces.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
