import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Where package.json is: the clone, or the image's directory. */
export function packageRoot(): string {
  for (let directory = import.meta.dirname; ; directory = path.dirname(directory))
    if (existsSync(path.join(directory, 'package.json'))) return directory
}

export function packageVersion(): string {
  return JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')).version
}
