import type { Knex } from 'knex'
import { isUnavailable } from '#internal/db/errors'

export interface HandleOptions<T> {
  /** The group or queue, as shown with the dead letter. */
  source: string
  handle: (trx: Knex.Transaction, item: T) => Promise<void>
  describe: (item: T) => { position: number | null; payload: string }
  onDeadLetter: () => void
}

/**
 * Handles items one by one, each in a savepoint. An item whose handler fails for a reason of its own is put into `dead_letters`,
 * with the reason, and the rest goes on; when PostgreSQL is the reason, the whole transaction fails and is tried again.
 */
export async function handleEach<T>(trx: Knex.Transaction, items: T[], options: HandleOptions<T>): Promise<void> {
  for (const item of items) {
    try {
      await trx.transaction((savepoint) => options.handle(savepoint, item))
    } catch (error) {
      if (isUnavailable(error)) throw error
      await trx('dead_letters').insert({
        source: options.source,
        ...options.describe(item),
        error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      })
      options.onDeadLetter()
    }
  }
}
