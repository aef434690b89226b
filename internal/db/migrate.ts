import type { Knex } from 'knex'
import pg from 'pg'
import type { Db } from './pool.ts'

/** A step of the schema: never edited once released. `up` only; a release can run on the schema of the next one. */
export interface Migration {
  name: string
  up(db: Knex): Promise<void>
}

// Any number that no other advisory lock of the product uses.
const lockKey = 7_230_001

/**
 * Brings the schema up to date. Any number of processes may call it at once: a session lock on a connection of its own lets
 * one work and the others wait and find nothing to do. Returns the names that were applied now.
 */
export async function migrate(db: Db, url: string, migrations: readonly Migration[]): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url, application_name: 'belfry-migrate' })
  await lock.connect()
  try {
    await lock.query('select pg_advisory_lock($1)', [lockKey])
    const config = knexConfig(migrations)
    // The advisory lock is the lock. knex's own is a row, and stays behind when a migration is killed.
    await db.migrate.forceFreeMigrationsLock(config)
    const [, names] = (await db.migrate.latest(config)) as [number, string[]]
    return names
  } finally {
    await lock.end()
  }
}

/** Names of the migrations that the database does not have yet. */
export async function pendingMigrations(db: Db, migrations: readonly Migration[]): Promise<string[]> {
  const has = await db.schema.hasTable('schema_migrations')
  const done = has ? new Set<string>(await db('schema_migrations').pluck('name')) : new Set<string>()
  return migrations.map((m) => m.name).filter((name) => !done.has(name))
}

function knexConfig(migrations: readonly Migration[]): Knex.MigratorConfig {
  return {
    tableName: 'schema_migrations',
    // Code N-1 runs on schema N, and would otherwise refuse names that it does not know.
    disableMigrationsListValidation: true,
    migrationSource: {
      getMigrations: async () => [...migrations],
      getMigrationName: (migration: Migration) => migration.name,
      getMigration: async (migration: Migration) => ({ up: migration.up, down: async () => undefined }),
    },
  }
}
