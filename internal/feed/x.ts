import { z } from 'zod'
import { type Client, type Got, json, statusError } from './http.ts'
import { FetchError, type Post, type Provider } from './provider.ts'
import { decoded } from './text.ts'

export interface XOptions {
  /** Of the API, e.g. https://api.x.com */
  url: string
  /** App-only bearer token. */
  token: string
}

const userAnswer = z.object({ data: z.object({ id: z.string().regex(/^\d{1,20}$/) }).optional() })
const tweetsAnswer = z.object({
  data: z
    .array(z.object({ id: z.string().regex(/^\d{1,20}$/), text: z.string(), created_at: z.iso.datetime() }))
    .optional(),
})

const noSuchUser = () => new FetchError('There is no such account on X.')

/** Posts of X by API v2: the account's number, once, then its newest posts. */
export function createX({ get, clock }: Client, { url, token }: XOptions): Provider {
  const headers = { authorization: `Bearer ${token}` }

  async function ask<S extends z.ZodType>(path: string, schema: S, signal?: AbortSignal): Promise<z.output<S>> {
    const got = await get(new URL(`${url.replace(/\/$/, '')}${path}`), { headers, redirects: false, signal })
    if (got.status === 404) throw noSuchUser()
    if (got.status === 401 || got.status === 403)
      throw new FetchError(`X refused the token of this installation (${got.status}).`)
    if (got.status === 429)
      throw new FetchError('The quota of X is used up.', { retryAt: resetAt(got, clock.now()), holdsForAll: true })
    if (got.status !== 200) throw statusError(got, clock.now())
    const result = schema.safeParse(json(got))
    if (!result.success) throw new FetchError('X answered something unexpected.', { cause: result.error })
    return result.data
  }

  async function findUser(name: string, signal?: AbortSignal): Promise<string> {
    const { data } = await ask(`/2/users/by/username/${encodeURIComponent(name)}`, userAnswer, signal)
    // An unknown name is answered with 200 and a list of errors.
    if (!data) throw noSuchUser()
    return data.id
  }

  return {
    kind: 'x',
    async fetch({ address, remote_id }, signal) {
      const id = remote_id ?? (await findUser(address, signal))
      const { data = [] } = await ask(
        `/2/users/${id}/tweets?max_results=10&tweet.fields=created_at`,
        tweetsAnswer,
        signal,
      )
      const posts = data.map(
        (tweet): Post => ({
          externalId: tweet.id,
          author: `@${address}`,
          text: decoded(tweet.text),
          url: `https://x.com/${address}/status/${tweet.id}`,
          publishedAt: new Date(tweet.created_at),
        }),
      )
      return { posts, remote_id: id, etag: null, last_modified: null }
    },
  }
}

/** x-rate-limit-reset is in seconds of Unix time. */
function resetAt(got: Got, now: Date): Date | undefined {
  const reset = String(got.headers['x-rate-limit-reset'] ?? '')
  return /^\d{1,11}$/.test(reset) ? new Date(Number(reset) * 1000) : statusError(got, now).retryAt
}
