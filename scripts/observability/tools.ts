import { existsSync } from 'node:fs'
import path from 'node:path'
import { toolsDirectory } from '#internal/testing/cache'

/** Path of a program: one that the variable names, on PATH, or among the tools; undefined when it is nowhere. */
export function findProgram(name: string, variable: string): string | undefined {
  const named = process.env[variable]
  if (named) return named
  const directories = [...(process.env.PATH ?? '').split(path.delimiter), toolsDirectory]
  return directories.map((directory) => path.join(directory, name)).find((file) => existsSync(file))
}
