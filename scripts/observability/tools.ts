import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'

/** Where scripts/install-prometheus.sh puts programs, and where those are kept that tests build. */
export const toolsDirectory = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'belfry', 'tools')

/** Path of a program: one that the variable names, on PATH, or among the tools; undefined when it is nowhere. */
export function findProgram(name: string, variable: string): string | undefined {
  const named = process.env[variable]
  if (named) return named
  const directories = [...(process.env.PATH ?? '').split(path.delimiter), toolsDirectory]
  return directories.map((directory) => path.join(directory, name)).find((file) => existsSync(file))
}
