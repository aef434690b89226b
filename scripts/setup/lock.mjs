import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Runs `work` while no other process does. The lock is a directory with the pids of the holder and of its npm, where it has one, so that
 * a lock whose holder was killed is taken over, but not while the npm that it left is still writing.
 * @param what it is, for whoever waits: install, build
 * @param work is given a function that notes the pid of a child.
 */
export async function withLock(lock, what, work) {
  const mine = `${lock}.${process.pid}`
  rmSync(mine, { recursive: true, force: true })
  mkdirSync(mine)
  try {
    writeFileSync(path.join(mine, 'holder'), String(process.pid))
    // So that git does not show it.
    writeFileSync(path.join(mine, '.gitignore'), '*\n')
    await take(lock, what, mine)
  } catch (error) {
    rmSync(mine, { recursive: true, force: true })
    throw error
  }
  try {
    return await work((pid) => writeFileSync(path.join(lock, 'child'), String(pid)))
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

async function take(lock, what, mine) {
  for (let told = false; ; ) {
    try {
      // A rename onto a directory that has files fails: this is the one atomic step.
      return renameSync(mine, lock)
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error
    }
    const holders = pidsIn(lock)
    if (holders.some(isAlive)) {
      if (!told) console.log(`Another ${what} is at work (process ${holders[0]}); waiting for it...`)
      told = true
      await delay(100)
    } else {
      removeDead(lock, mine)
    }
  }
}

function pidsIn(directory) {
  return ['holder', 'child'].flatMap((name) => {
    try {
      return [Number(readFileSync(path.join(directory, name), 'utf8'))]
    } catch {
      return []
    }
  })
}

/** Moves the lock away first: of several that saw the holder dead, one gets it, and a lock that is alive after all is put back. */
function removeDead(lock, mine) {
  const moved = `${mine}.dead`
  try {
    renameSync(lock, moved)
    if (pidsIn(moved).some(isAlive)) renameSync(moved, lock)
    else rmSync(moved, { recursive: true, force: true })
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
