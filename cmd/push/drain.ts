import { sleep } from '#internal/runtime/backoff'
import type { Client } from './client.ts'
import { closeCodes } from './close.ts'
import type { Hub } from './hub.ts'

const sliceMs = 50

/**
 * Asks every client to reconnect elsewhere, in random order and in slices over `seconds`, each with a delay of its own in the reason,
 * so that the other processes are not stormed. A moment before, `ask` may ask them to confirm what they have. Who is just being let in
 * is sent away as well. Resolves when all close frames are out.
 */
export async function drain(hub: Hub, seconds: number, ask: (clients: readonly Client[]) => void): Promise<void> {
  const waiting = shuffle([...hub.clients.all])
  const slices = Math.max(1, Math.round((seconds * 1000) / sliceMs))
  const perSlice = Math.max(20, Math.ceil(waiting.length / slices))
  const hintMs = Math.min(5000, 100 + waiting.length / 2)
  const goElsewhere = () => {
    const reason = { reconnect_after_ms: Math.round(Math.random() * hintMs) }
    return { code: closeCodes.restart, reason: JSON.stringify(reason) }
  }
  hub.leave(goElsewhere)
  for (let from = 0; from < waiting.length; from += perSlice) {
    const slice = waiting.slice(from, from + perSlice)
    ask(slice)
    await sleep(sliceMs)
    for (const client of slice) {
      const { code, reason } = goElsewhere()
      client.ws?.end(code, reason)
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
