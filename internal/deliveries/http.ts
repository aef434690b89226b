import type { Outcome } from './delivery.ts'

export interface Post {
  url: string
  headers: Record<string, string>
  body: string
}

/** More of an answer is of no use, and not read. */
const maxAnswerBytes = 16 * 1024
const maxErrorLength = 300
/** Later than this is no longer an alert. */
const maxRetryAfterMs = 24 * 60 * 60 * 1000

/** One POST: no redirect is followed, and whatever the answer is, the connection is done with soon after `signal` aborts. */
export async function post({ url, headers, body }: Post, signal: AbortSignal): Promise<Outcome> {
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    const text = await beginning(response)
    if (response.ok) return { kind: 'sent' }
    return outcomeOf(response, text)
  } catch (error) {
    if (signal.aborted) return { kind: 'failed', error: 'There was no answer in time.' }
    const { message, cause } = error as Error
    return { kind: 'failed', error: `${message}${cause instanceof Error ? `: ${cause.message}` : ''}` }
  }
}

/**
 * A 4xx says that this message will never be taken. Not so 401 and 403, and redirects, which speak of the configuration and may be
 * mended, nor those that ask for patience.
 */
function outcomeOf({ status, headers }: Response, text: string): Outcome {
  const error = `${status} ${text.slice(0, maxErrorLength)}`.toWellFormed().replaceAll('\0', '').trim()
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'))
  if (status === 429) return { kind: 'throttled', error, retryAfterMs: retryAfterMs ?? 1000 }
  if (status >= 400 && status < 500 && ![401, 403, 408, 425].includes(status)) return { kind: 'refused', error }
  return { kind: 'failed', error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

/** The header's seconds or date as milliseconds from now, at most a day; undefined when there is none that can be read. */
export function parseRetryAfter(header: string | null, nowMs = Date.now()): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), maxRetryAfterMs)
}

/** The answer's first bytes as text. A longer one is cut off together with its connection. */
async function beginning({ body }: Response): Promise<string> {
  if (!body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    text += decoder.decode(chunk, { stream: true })
    if (size >= maxAnswerBytes) break
  }
  return text
}
