import type { ClientRequest, IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { WebSocket } from 'ws'
import { z } from 'zod'

const eventFrame = z.looseObject({
  type: z.literal('event'),
  position: z.int(),
  scope: z.string(),
  event: z.string(),
  at: z.string(),
  data: z.unknown(),
})
const frameSchema = z.union([
  eventFrame,
  z.looseObject({ type: z.literal('reset'), position: z.int(), reason: z.string() }),
  z.looseObject({ type: z.literal('live'), position: z.int() }),
])

export type EventFrame = z.output<typeof eventFrame>
/** The frames that move the cursor. */
export type Frame = z.output<typeof frameSchema>

/** How a connection ended. */
export interface Ended {
  /** Of the WebSocket; 1006 when there was no close frame, or no connection at all. */
  code: number
  reason: string
  /** The HTTP answer instead of an upgrade, if that is what came. */
  refusal?: { status: number; detail: string }
  /** Why there was no connection, if so. */
  error?: string
}

export interface ConnectOptions {
  /** wss://... with the cursor. */
  url: string
  token: string
  /** Takes the frame as it came, too. Resolve when the next may come. */
  onFrame: (frame: Frame, text: string) => Promise<void> | undefined
  signal: AbortSignal
}

const lookMs = 20_000
const silenceMs = 60_000
const closeMs = 1000

/** Holds one WebSocket to the stream until it ends, or until `signal`. Never rejects. */
export function hold({ url, token, onFrame, signal }: ConnectOptions): Promise<Ended> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: 10_000,
      perMessageDeflate: false,
    })
    let heard = Date.now()
    const ended: Ended = { code: 1006, reason: '' }
    const alive = () => (heard = Date.now())
    // A connection can die without a word.
    const watch = setInterval(() => {
      if (Date.now() - heard > silenceMs) socket.terminate()
      else if (socket.readyState === WebSocket.OPEN) socket.ping()
    }, lookMs)
    const stop = () => {
      if (socket.isPaused) socket.resume()
      if (socket.readyState === WebSocket.OPEN) socket.close(1000)
      setTimeout(() => socket.terminate(), socket.readyState === WebSocket.CLOSING ? closeMs : 0).unref()
    }
    signal.addEventListener('abort', stop)
    socket.on('ping', alive).on('pong', alive)
    socket.on('message', (message) => {
      alive()
      const frame = parseFrame(String(message))
      const handled = frame && !signal.aborted && onFrame(frame, String(message))
      if (!handled) return
      socket.pause()
      void handled.then(() => socket.resume())
    })
    socket.on('unexpected-response', (request, response) => {
      void readRefusal(request, response).then((refusal) => {
        ended.refusal = refusal
        socket.terminate()
      })
    })
    socket.on('error', (error) => (ended.error ??= error.message || String((error as NodeJS.ErrnoException).code)))
    socket.on('close', (code, reason) => {
      clearInterval(watch)
      signal.removeEventListener('abort', stop)
      resolve({ ...ended, code, reason: String(reason) })
    })
  })
}

/** Undefined for a frame that says nothing to us: of a newer server, perhaps. */
function parseFrame(message: string): Frame | undefined {
  try {
    return frameSchema.safeParse(JSON.parse(message)).data
  } catch {
    return undefined
  }
}

async function readRefusal(request: ClientRequest, response: IncomingMessage) {
  const status = response.statusCode ?? 0
  const body = await text(response).catch(() => '')
  request.destroy()
  try {
    return { status, detail: String(JSON.parse(body).detail) }
  } catch {
    return { status, detail: `It answered with status ${status}.` }
  }
}
