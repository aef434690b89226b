import { backoffMs, sleep } from '#internal/runtime/backoff'
import { PlainError } from '#internal/runtime/plain-error'
import type { Server } from '../client/server.ts'
import { type Ended, type Frame, hold } from './connection.ts'

const firstPauseMs = 250
const longestPauseMs = 30_000

export interface FollowOptions {
  server: Server
  /** Where to begin: after this position. From now on without one. */
  cursor: number | undefined
  /** Each frame that moves the cursor once, in the order of positions. Resolve when the next may come. */
  onFrame: (frame: Frame, text: string) => Promise<void> | undefined
  /** Tells the person of what happens to the connection. */
  say: (line: string) => void
  signal: AbortSignal
}

/**
 * Follows the stream through restarts of the server and losses of the network, until `signal`.
 * @throws PlainError when the server does not want us any more.
 */
export async function follow({ server, cursor: start, onFrame, say, signal }: FollowOptions): Promise<void> {
  const stream = `${server.url.replace(/^http/, 'ws')}/api/v1/stream`
  let cursor = start
  let failures = 0
  while (!signal.aborted) {
    const ended = await hold({
      url: cursor === undefined ? stream : `${stream}?cursor=${cursor}`,
      token: server.token,
      onFrame(frame, text) {
        if (failures > 0) say('Connected again.')
        failures = 0
        // A reset may also lead back: the server was restored from a backup.
        if (frame.type === 'event' && cursor !== undefined && frame.position <= cursor) return undefined
        cursor = frame.position
        return onFrame(frame, text)
      },
      signal,
    })
    if (signal.aborted) return
    throwIfFinal(ended, server)
    if (failures === 0) say(`${whyEnded(ended, server)} Connecting again.`)
    await sleep(hintMs(ended) + backoffMs(failures++, firstPauseMs, longestPauseMs), signal)
  }
}

function throwIfFinal({ code, refusal }: Ended, { url }: Server): void {
  if (code === 4001) throw new PlainError('The session has ended. Run `belfry login`.')
  if (code === 4400 || code === 1009) throw new PlainError(`The server at ${url} refuses what we send (${code}).`)
  if (!refusal || refusal.status >= 500 || refusal.status === 429) return
  const advice = refusal.status === 401 ? ' Run `belfry login`, or set BELFRY_TOKEN.' : ''
  throw new PlainError(`${url} refuses the stream: ${refusal.detail}${advice}`)
}

function whyEnded({ code, refusal, error }: Ended, { url }: Server): string {
  if (code === 1012) return 'The server restarts.'
  if (code === 4008) return 'The server has closed the connection, as too much was unread.'
  if (refusal) return `${url} is not ready: ${refusal.detail}`
  return error === undefined ? `The connection was lost (${code}).` : `${url} cannot be reached: ${error}.`
}

/** Milliseconds that a restarting server asks us to stay away. */
function hintMs({ code, reason }: Ended): number {
  if (code !== 1012) return 0
  try {
    const hint = Number(JSON.parse(reason).reconnect_after_ms)
    return hint > 0 ? Math.min(hint, longestPauseMs) : 0
  } catch {
    return 0
  }
}
