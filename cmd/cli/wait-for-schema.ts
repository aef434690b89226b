import { setTimeout as delay } from 'node:timers/promises'
import { pendingMigrations } from '#internal/db/migrate'
import { migrations } from '#internal/db/migrations/index'
import { createPool } from '#internal/db/pool'
import { PlainError } from '#internal/runtime/plain-error'
import { failureLine } from './failure.ts'

const lookMs = 1000

export interface WaitOptions {
  url: string
  timeoutMs: number
  /** Told what it waits for, whenever that changes. */
  onWait: (line: string) => void
}

/**
 * Resolves when the database has every migration of this code: what a process that starts before the migrations are done waits for.
 * Whatever is in the way may pass: PostgreSQL may not be there yet, nor its database, nor the right password.
 * @throws PlainError with what was in the way, when the time is over
 */
export async function waitForSchema({ url, timeoutMs, onWait }: WaitOptions): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (let last = ''; ; await delay(lookMs)) {
    const obstacle = await obstacleIn(url)
    if (obstacle === undefined) return
    if (Date.now() >= deadline) throw new PlainError(obstacle)
    if (obstacle !== last) onWait(obstacle)
    last = obstacle
  }
}

async function obstacleIn(url: string): Promise<string | undefined> {
  const db = createPool({ url, max: 1, name: 'migrate' })
  try {
    const pending = await pendingMigrations(db, migrations)
    return pending.length > 0 ? `The database lacks ${pending.join(', ')}.` : undefined
  } catch (error) {
    return failureLine(error)
  } finally {
    await db.destroy()
  }
}
