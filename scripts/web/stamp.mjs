import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Whatever the user interface is made of: directories and files. */
const sources = ['cmd/web', 'internal/client', 'package.json', 'package-lock.json', 'tsconfig.json']

const isTest = (file) => /\.test\.ts$|(^|\/)testing(\/|\.ts$)/.test(file)

/** Hash of all that the user interface is made of. */
export function currentStamp(root) {
  const hash = createHash('sha256')
  const present = sources.filter((source) => existsSync(path.join(root, source)))
  for (const file of present.flatMap((source) => filesOf(root, source))) {
    const text = readFileSync(path.join(root, file))
    hash.update(`${file} ${text.length}\n`).update(text)
  }
  return hash.digest('hex')
}

function filesOf(root, source) {
  if (path.extname(source) !== '') return [source]
  return readdirSync(path.join(root, source), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !isTest(file))
    .sort()
}

/** In the directory of what was built, so that both come into place at once. */
export const stampFile = (directory) => path.join(directory, '.stamp')

/** What the user interface in this directory was made of; undefined where there is none. */
export function readStamp(directory) {
  try {
    return readFileSync(stampFile(directory), 'utf8')
  } catch {
    return undefined
  }
}
