import path from 'node:path'
import type { Knex } from 'knex'
import { readConfig } from '#internal/config/read'
import { createPool } from '#internal/db/pool'
import { outsideDir } from '#internal/embedded-postgres/data-dir'
import { runningUrl } from '#internal/embedded-postgres/running'
import { requireSchema } from '#internal/platform/schema'
import { packageRoot } from '#internal/runtime/package'
import { PlainError } from '#internal/runtime/plain-error'

/**
 * URL of the database to work on: BELFRY_DATABASE_URL, else that of the `npm start` that runs.
 * @throws ConfigError; PlainError when there is neither.
 */
export async function databaseUrl(env: NodeJS.ProcessEnv): Promise<string> {
  if (env.BELFRY_DATABASE_URL !== undefined) return readConfig(env, ['DATABASE_URL']).DATABASE_URL
  const { DATA_DIR } = readConfig(env, ['DATA_DIR'])
  // `npm start` always runs in the clone's directory.
  const directory = path.resolve(env.BELFRY_DATA_DIR === undefined ? packageRoot() : '.', DATA_DIR)
  const directories = env.BELFRY_DATA_DIR === undefined ? [directory, outsideDir(directory)] : [directory]
  for (const each of directories) {
    const url = await runningUrl(each)
    if (url !== undefined) return url
  }
  throw new PlainError(
    `BELFRY_DATABASE_URL is not set, and no Belfry runs on ${directory}. Start it with \`npm start\`, or set the variable.`,
  )
}

export interface DatabaseOptions {
  /** Connections, at most. */
  max?: number
  /** Shown in pg_stat_activity. */
  name: string
}

/** Works on the database, whatever its schema is, and closes it. */
export async function withConnection<T>(
  env: NodeJS.ProcessEnv,
  { max = 1, name }: DatabaseOptions,
  work: (db: Knex, url: string) => Promise<T>,
): Promise<T> {
  const url = await databaseUrl(env)
  const db = createPool({ url, max, name })
  try {
    return await work(db, url)
  } finally {
    await db.destroy()
  }
}

/** Works on the database, whose schema must be up to date, and closes it. */
export function withDatabase<T>(
  env: NodeJS.ProcessEnv,
  options: DatabaseOptions,
  work: (db: Knex) => Promise<T>,
): Promise<T> {
  return withConnection(env, options, async (db) => {
    await requireSchema(db)
    return work(db)
  })
}
