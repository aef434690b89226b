import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { currentStamp, readStamp } from './stamp.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Makes node_modules what package-lock.json says and ./node_modules/.bin/node a Node 22. A few milliseconds when both are so. */
export async function main() {
  const isReady = () => readStamp(root) === currentStamp(root) && existsSync(path.join(root, 'node_modules/.bin/node'))
  if (isReady()) return
  const { install } = await import('./install.mjs')
  try {
    await install(root, isReady)
  } catch (error) {
    // The list of causes is open (disk, network, rights): the message is what helps, not our stack.
    console.error(error.message)
    process.exit(1)
  }
}
