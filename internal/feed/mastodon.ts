import { z } from 'zod'
import { type Client, type Got, json, statusError, unlessKnown, validators } from './http.ts'
import { FetchError, type Post, type Provider } from './provider.ts'
import { clip, plainText, webUrl } from './text.ts'

const id = z.string().regex(/^[\w-]{1,64}$/)
const accountAnswer = z.object({ id })
const statusesAnswer = z.array(
  z.object({
    id,
    created_at: z.iso.datetime({ offset: true }),
    content: z.string(),
    spoiler_text: z.string().optional(),
    url: z.string().nullish(),
    visibility: z.string().optional(),
    // A boost has no content of its own.
    reblog: z.object({ content: z.string(), url: z.string().nullish() }).nullish(),
  }),
)
type Status = z.output<typeof statusesAnswer>[number]

/**
 * Public posts of a Mastodon account, user@host, by the open part of its server's API.
 * `origin` says where a host's API is.
 */
export function createMastodon({ get, clock }: Client, origin = (host: string) => `https://${host}`): Provider {
  return {
    kind: 'mastodon',
    async fetch(known, signal) {
      const [user = '', host = ''] = known.address.split('@')
      const api = `${origin(host)}/api/v1/accounts`
      const remote_id = known.remote_id ?? (await lookUp(api, user, signal))
      const url = new URL(`${api}/${remote_id}/statuses?limit=10&exclude_replies=true`)
      const got = await get(url, { headers: unlessKnown(known), signal })
      const { etag, last_modified } = known
      if (got.status === 304) return { remote_id, etag, last_modified }
      const posts = parse(got, statusesAnswer)
        .filter(isPublic)
        .map((status) => post(status, known.address))
      return { posts, remote_id, ...validators(got) }
    },
  }

  async function lookUp(api: string, user: string, signal?: AbortSignal): Promise<string> {
    return parse(await get(new URL(`${api}/lookup?acct=${encodeURIComponent(user)}`), { signal }), accountAnswer).id
  }

  function parse<S extends z.ZodType>(got: Got, schema: S): z.output<S> {
    if (got.status === 404 || got.status === 410) throw new FetchError('There is no such account on this server.')
    if (got.status !== 200) throw limitError(got) ?? statusError(got, clock.now())
    const result = schema.safeParse(json(got))
    if (!result.success) throw new FetchError('The server answered other than Mastodon does.', { cause: result.error })
    return result.data
  }
}

/** Mastodon says in a header of its own, as a time, when its limit begins anew. */
function limitError({ status, headers }: Got): FetchError | undefined {
  const retryAt = new Date(String(headers['x-ratelimit-reset']))
  if (status !== 429 || Number.isNaN(retryAt.getTime())) return undefined
  return new FetchError('The server wants to be asked less often.', { retryAt })
}

const isPublic = ({ visibility = 'public' }: Status) => visibility === 'public' || visibility === 'unlisted'

function post(status: Status, address: string): Post {
  const { content, url } = status.reblog ?? status
  return {
    externalId: status.id,
    author: `@${address}`,
    // What stands behind a warning is not shown unasked.
    text: status.spoiler_text ? clip(status.spoiler_text) : plainText(content),
    url: webUrl(url ?? status.url),
    publishedAt: new Date(status.created_at),
  }
}
