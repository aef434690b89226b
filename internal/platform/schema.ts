import { pendingMigrations } from '#internal/db/migrate'
import { migrations } from '#internal/db/migrations/index'
import type { Db } from '#internal/db/pool'
import { PlainError } from '#internal/runtime/plain-error'

/** @throws when migrations are pending: code must not run on a schema that is older than itself. */
export async function requireSchema(db: Db): Promise<void> {
  const pending = await pendingMigrations(db, migrations)
  if (pending.length > 0)
    throw new PlainError(`The database lacks ${pending.join(', ')}. Run \`npm run belfry -- migrate\` first.`)
}
