import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { withLock } from './lock.mjs'
import { ensureNode22 } from './node22.mjs'
import { npmCi } from './npm.mjs'
import { isComplete, writeStamp } from './stamp.mjs'

/** Installs what is missing, one process at a time; whoever waited finds the work done. */
export async function install(root, isReady) {
  // Made by hand, in a checkout that we may only read: nothing to write, and nothing to lock.
  if (isComplete(root) && existsSync(path.join(root, 'node_modules/.bin/node')) && !writeStamp(root)) return
  await withLock(path.join(root, '.install.lock'), 'install', async (noteChild) => {
    if (isReady()) return
    if (!isComplete(root)) await npmCi(root, noteChild)
    ensureNode22(root)
    writeStamp(root)
    useHooks(root)
  })
}

function useHooks(root) {
  if (process.env.CI || !existsSync(path.join(root, '.git'))) return
  const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  // 1 means unset; anything else is somebody's choice, or no usable git.
  if (git('config', '--get', 'core.hooksPath').status === 1) git('config', 'core.hooksPath', 'scripts/hooks')
}
