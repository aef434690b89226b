import http from 'node:http'
import https from 'node:https'
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent'
import type { Clock } from '#internal/runtime/clock'
import { FetchError, type Known } from './provider.ts'

const maxBytes = 1024 * 1024
const maxRedirects = 3
const timeoutMs = 10_000

export interface GetOptions {
  headers?: Record<string, string>
  /** Redirects are followed unless the request carries credentials. */
  redirects?: boolean
  signal?: AbortSignal | undefined
}

export interface Got {
  status: number
  headers: http.IncomingHttpHeaders
  body: Buffer
  /** Where redirects have led. */
  url: URL
}

/** GET of an http or https URL. Any status is an answer; no answer, or one that is too large or too slow, is not. @throws FetchError */
export type Get = (url: URL, options?: GetOptions) => Promise<Got>

export interface Client {
  get: Get
  clock: Clock
}

/**
 * Addresses that accounts have given are connected to only where they lead to the public internet: the agents look at the address that
 * is connected to, after name resolution and at each redirect. `allowPrivate` is for addresses that an operator has set; `allowed` are
 * IP addresses that count as public.
 */
export function createGet(allowPrivate: boolean, allowed: string[] = []): Get {
  const filter = {
    allowPrivateIPAddress: allowPrivate,
    allowMetaIPAddress: allowPrivate,
    allowIPAddressList: allowed,
  }
  const agents = { 'http:': new RequestFilteringHttpAgent(filter), 'https:': new RequestFilteringHttpsAgent(filter) }
  return async (url, { headers = {}, redirects = true, signal } = {}) => {
    const limit = AbortSignal.timeout(timeoutMs)
    const both = signal ? AbortSignal.any([limit, signal]) : limit
    try {
      for (let target = url, left = maxRedirects; ; left--) {
        const answer = await request(target, { headers, signal: both })
        const { location } = answer.headers
        const leadsOn = [301, 302, 303, 307, 308].includes(answer.status) && location !== undefined
        if (!leadsOn || !redirects) return answer
        if (left === 0) throw new FetchError('The address redirects too often.')
        target = resolve(location, target)
      }
    } catch (error) {
      if (error instanceof FetchError) throw error
      if (limit.aborted) throw new FetchError('The answer took too long.', { cause: error })
      // What exactly is not told: it would be a look into the network of this installation.
      throw new FetchError('The address cannot be reached.', { cause: error })
    }
  }

  function request(
    url: URL,
    { headers, signal }: { headers: Record<string, string>; signal: AbortSignal },
  ): Promise<Got> {
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new FetchError('The address does not lead to http or https.')
    const isPlain = url.protocol === 'http:'
    const sent = { 'user-agent': 'Belfry', 'accept-encoding': 'identity', ...headers }
    return new Promise((done, fail) => {
      const options = { agent: agents[url.protocol as keyof typeof agents], headers: sent, signal }
      const outgoing = (isPlain ? http : https).get(url, options, (incoming) => {
        readBody(incoming).then(
          (body) => done({ status: incoming.statusCode ?? 0, headers: incoming.headers, body, url }),
          fail,
        )
      })
      outgoing.on('error', fail)
    })
  }
}

function resolve(location: string, base: URL): URL {
  try {
    return new URL(location, base)
  } catch {
    throw new FetchError('The address redirects to something that is no address.')
  }
}

async function readBody(incoming: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  // Leaving the loop early destroys the connection.
  for await (const chunk of incoming) {
    size += chunk.length
    if (size > maxBytes) throw new FetchError('The answer is larger than 1 MiB.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

type Validators = Pick<Known, 'etag' | 'last_modified'>

/** Headers that ask for an answer only if it is another than the one before. */
export function unlessKnown({ etag, last_modified }: Validators): Record<string, string> {
  return { ...(etag && { 'if-none-match': etag }), ...(last_modified && { 'if-modified-since': last_modified }) }
}

/** What the server wants an answer to be recognised by. */
export function validators({ headers }: Got): Validators {
  return { etag: headers.etag ?? null, last_modified: headers['last-modified'] ?? null }
}

/** The error for a status that is none of those that the caller knows, with the time to come back if the answer has one. */
export function statusError({ status, headers }: Got, now: Date): FetchError {
  return new FetchError(`The server answered ${status}.`, { retryAt: retryAfter(headers['retry-after'], now) })
}

/** Retry-After: seconds, or a date. */
function retryAfter(header: string | undefined, now: Date): Date | undefined {
  if (header === undefined) return undefined
  const at = /^\d{1,9}$/.test(header) ? new Date(now.getTime() + Number(header) * 1000) : new Date(header)
  return Number.isNaN(at.getTime()) ? undefined : at
}

/** The body as JSON. @throws FetchError */
export function json(got: Got): unknown {
  try {
    return JSON.parse(got.body.toString())
  } catch (error) {
    throw new FetchError('The server answered something that is not JSON.', { cause: error })
  }
}
