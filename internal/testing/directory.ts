import { chmod, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { temporaryBase } from './postgres.ts'

/** A new directory that PostgreSQL's user can get to, and how to remove it. */
export async function temporaryDirectory(): Promise<{ directory: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(path.join(await temporaryBase(), 'belfry-test-'))
  await chmod(directory, 0o711)
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) }
}
