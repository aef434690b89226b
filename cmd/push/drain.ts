import { sleep } from '#internal/runtime/backoff'
import type { Client } from './client.ts'
import { closeCodes } from './close.ts'
import type { Registry } from './registry.ts'

const sliceMs = 50

/**
 * Asks every client to reconnect elsewhere, in random order and in slices over `seconds`, each with a delay of its own in the reason,
 * so that the other processes are not stormed. A moment before, `ask` may ask them to confirm what they have. Resolves when all close
 * frames are out.
 */
export async function drain(
  clients: Registry,
  seconds: number,
  ask: (clients: readonly Client[]) => void,
): Promise<void> {
  const waiting = shuffle([...clients.all])
  const slices = Math.max(1, Math.round((seconds * 1000) / sliceMs))
  const perSlice = Math.max(20, Math.ceil(waiting.length / slices))
  const hintMs = Math.min(5000, 100 + waiting.length / 2)
  for (let from = 0; from < waiting.length; from += perSlice) {
    const slice = waiting.slice(from, from + perSlice)
    ask(slice)
    await sleep(sliceMs)
    for (const client of slice) {
      const reason = { reconnect_after_ms: Math.round(Math.random() * hintMs) }
      client.ws?.end(closeCodes.restart, JSON.stringify(reason))
    }
  }
  await sleep(sliceMs)
}

function shuffle<T>(items: T[]): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1))
    ;[items[i], items[j]] = [items[j]!, items[i]!]
  }
  return items
}
