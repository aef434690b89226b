import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { withLock } from '../setup/lock.mjs'
import { currentStamp, readStamp, stampFile } from './stamp.mjs'

/** Where api looks for it. */
const outputOf = (root) => path.join(root, 'dist/web')

/** Whether the user interface was built from the sources as they are. */
export const isFresh = (root) => readStamp(outputOf(root)) === currentStamp(root)

/**
 * Builds the user interface, one process at a time; whoever waited finds the work done. It is built beside its place and put there
 * when it is done: what stands there is always whole.
 * @param logLevel of Vite
 */
export async function buildWeb(root, logLevel) {
  const output = outputOf(root)
  mkdirSync(path.dirname(output), { recursive: true })
  await withLock(`${output}.lock`, 'build', async () => {
    if (isFresh(root)) return
    console.log('Building the user interface...')
    const [next, last] = [`${output}.next`, `${output}.last`]
    // What an interrupted one has left.
    for (const directory of [next, last]) rmSync(directory, { recursive: true, force: true })
    const stamp = currentStamp(root)
    await runVite(root, next, logLevel)
    writeFileSync(stampFile(next), stamp)
    if (existsSync(output)) renameSync(output, last)
    renameSync(next, output)
    rmSync(last, { recursive: true, force: true })
  })
}

async function runVite(root, outDir, logLevel) {
  // Whatever the shell says: React for development would be twice as large.
  process.env.NODE_ENV = 'production'
  const { build } = await import('vite')
  const configFile = path.join(root, 'cmd/web/vite.config.ts')
  await build({ configFile, configLoader: 'native', logLevel, build: { outDir, emptyOutDir: true } })
}
