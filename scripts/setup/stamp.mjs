import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const stampFile = (root) => path.join(root, 'node_modules/.belfry-lock')

/** What node_modules must be made from: the lock file, and the platform, for a directory that was copied to another machine. */
export function currentStamp(root) {
  const hash = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')
  return `${hash} ${process.platform}-${process.arch}`
}

export function readStamp(root) {
  try {
    return readFileSync(stampFile(root), 'utf8').trim()
  } catch {
    return undefined
  }
}

/** Written last: an install that was interrupted has no stamp and is done again. Returns false if we may not write there. */
export function writeStamp(root) {
  try {
    writeFileSync(`${stampFile(root)}.${process.pid}`, `${currentStamp(root)}\n`)
    renameSync(`${stampFile(root)}.${process.pid}`, stampFile(root))
    return true
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(error.code)) return false
    throw error
  }
}

/**
 * Whether somebody's own `npm ci` or `npm install` already made node_modules what the lock file says. npm writes its list
 * node_modules/.package-lock.json when it is done.
 */
export function isComplete(root) {
  if (readStamp(root) !== undefined && readStamp(root) !== currentStamp(root)) return false
  try {
    const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages
    const present = JSON.parse(readFileSync(path.join(root, 'node_modules/.package-lock.json'), 'utf8')).packages
    const same = Object.entries(present).every(
      ([name, { version }]) => wanted[name]?.version === version && existsSync(path.join(root, name)),
    )
    // Optional ones may be for other platforms; what they give is looked at where it is used.
    const all = Object.entries(wanted).every(
      ([name, entry]) => name === '' || present[name] || entry.peer || entry.optional || entry.devOptional,
    )
    return same && all
  } catch {
    return false
  }
}
