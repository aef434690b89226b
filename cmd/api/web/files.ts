import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** A file of the user interface, as it is and compressed where the build has done so. */
export interface WebFile {
  identity: Buffer
  br?: Buffer
  gzip?: Buffer
  /** Of the contents, weak: the same for every encoding, and wherever and whenever it was built. */
  etag: string
}

/** By path, e.g. `/assets/index-Dx4kXJAl.js`. */
export type WebFiles = ReadonlyMap<string, WebFile>

/**
 * Reads all that the build has made into memory, a few megabytes. So a build that goes on while this process runs changes nothing
 * here: pages that were loaded from it find their files to the end. Hidden files stay out. Empty where there is no index.html.
 */
export function readWebFiles(directory: string): WebFiles {
  if (!existsSync(path.join(directory, 'index.html'))) return new Map()
  const all = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => path.join(entry.parentPath, entry.name))
  const contents = new Map(all.map((file) => [file, readFileSync(file)]))
  const files = new Map<string, WebFile>()
  for (const [file, identity] of contents) {
    if (/\.(br|gz)$/.test(file)) continue
    const [br, gzip] = [contents.get(`${file}.br`), contents.get(`${file}.gz`)]
    const etag = `W/"${createHash('sha256').update(identity).digest('base64url')}"`
    const name = `/${path.relative(directory, file).replaceAll(path.sep, '/')}`
    files.set(name, { identity, ...(br && { br }), ...(gzip && { gzip }), etag })
  }
  return files
}
