import { homedir } from 'node:os'
import path from 'node:path'

/** Where is kept, across runs and outside of the tree, what takes long to get: of this user, as XDG_CACHE_HOME says. */
export const cacheDirectory = (): string =>
  path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'belfry')

/** Programs: those that are built once, and those of scripts/install-prometheus.sh. */
export const toolsDirectory = path.join(cacheDirectory(), 'tools')
