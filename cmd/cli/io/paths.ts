import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'

/** Where package.json is: the clone, or the image's directory. */
export function packageRoot(): string {
  for (let directory = import.meta.dirname; ; directory = path.dirname(directory))
    if (existsSync(path.join(directory, 'package.json'))) return directory
}

export function packageVersion(): string {
  return JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')).version
}

/** Belfry's own directory among the user's configuration. */
export function userDirectory(env: NodeJS.ProcessEnv): string {
  return path.join(env.XDG_CONFIG_HOME || path.join(homedir(), '.config'), 'belfry')
}

/** A file as the user named it: `npm run` has changed the directory. */
export function fromUser(file: string, env: NodeJS.ProcessEnv): string {
  return path.resolve((env.npm_lifecycle_event === 'belfry' && env.INIT_CWD) || process.cwd(), file)
}
