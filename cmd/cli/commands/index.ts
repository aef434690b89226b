import type { Environment } from '#internal/config/read'
import { config } from './config.ts'
import { migrateCommand } from './migrate.ts'

export interface Command {
  help: string
  /** Writes to standard output. @throws what went wrong. */
  run(env: Environment, args: string[]): Promise<void>
}

export const commands: ReadonlyMap<string, Command> = new Map([
  ['migrate', migrateCommand],
  ['config', config],
])
