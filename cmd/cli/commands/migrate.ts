import { readConfig } from '#internal/config/read'
import { migrate } from '#internal/db/migrate'
import { migrations } from '#internal/db/migrations/index'
import { createPool } from '#internal/db/pool'
import type { Command } from './index.ts'

export const migrateCommand: Command = {
  help: 'brings the schema of BELFRY_DATABASE_URL up to date',
  async run(env) {
    const { DATABASE_URL } = readConfig(env, ['DATABASE_URL'])
    const db = createPool({ url: DATABASE_URL, max: 1, name: 'migrate' })
    try {
      const applied = await migrate(db, DATABASE_URL, migrations)
      process.stdout.write(applied.length > 0 ? `Applied ${applied.join(', ')}.\n` : 'The schema is up to date.\n')
    } finally {
      await db.destroy()
    }
  },
}
