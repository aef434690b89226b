import { startEmbeddedPostgres } from '#internal/embedded-postgres/start'
import { Loop } from '#internal/runtime/loop'
import { PlainError } from '#internal/runtime/plain-error'
import type { Lifecycle } from '#internal/runtime/run'

const lookMs = 1000

/**
 * Starts the embedded PostgreSQL and watches over it: one that was killed or crashed is started again, and everything that was
 * committed is there. Resolves with its URL.
 */
export async function startPostgres(
  lifecycle: Lifecycle,
  dataDir: string,
  say: (line: string) => void,
): Promise<string> {
  const starting = startEmbeddedPostgres({ dataDir, say })
  // Registered before it is up: a signal may come while it starts.
  lifecycle.onStop('PostgreSQL', async () => (await starting.catch(() => undefined))?.stop())
  const { url, isRunning } = await starting
  const watch = new Loop({
    turn: async () => {
      if (await isRunning()) return 'none'
      say('PostgreSQL has ended by itself. It is started again.')
      const again = await startEmbeddedPostgres({ dataDir, say })
      if (again.url !== url)
        lifecycle.shutdown(new PlainError('PostgreSQL has another port now, as its own was taken. Start Belfry again.'))
      say('PostgreSQL is back.')
      return 'none'
    },
    idle: { minMs: lookMs, maxMs: lookMs },
    onError: (error, attempt) => {
      if (attempt === 0) say((error as Error).message)
    },
  }).start()
  lifecycle.onStop('PostgreSQL watch', () => watch.stop())
  return url
}
