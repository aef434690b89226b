import { homedir } from 'node:os'
import path from 'node:path'

/** Belfry's own directory among the user's configuration. */
export function userDirectory(env: NodeJS.ProcessEnv): string {
  return path.join(env.XDG_CONFIG_HOME || path.join(homedir(), '.config'), 'belfry')
}

/** A file as the user named it: `npm run` has changed the directory. */
export function fromUser(file: string, env: NodeJS.ProcessEnv): string {
  return path.resolve((env.npm_lifecycle_event === 'belfry' && env.INIT_CWD) || process.cwd(), file)
}
