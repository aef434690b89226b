import { domainToASCII } from 'node:url'
import { z } from 'zod'
import { kinds } from '#internal/feed/profile'
import { twitterChange } from '../accounts/schema.ts'
import { pathId } from '../http/pages.ts'

export const profileParams = z.strictObject({ id: pathId() })

const feedUrl = z
  .string()
  .max(1000)
  .transform((text, context) => {
    const url = URL.parse(text)
    const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:'
    if (!url || !isWeb || url.username !== '' || url.password !== '' || url.href.length > 1000) {
      context.addIssue('must be an http or https URL without credentials')
      return z.NEVER
    }
    url.hash = ''
    return url.href
  })
  .describe('URL of an RSS or Atom feed.')

const hostPattern = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/
const mastodonName = z
  .string()
  .max(320)
  .transform((text, context) => {
    const [, user, host = ''] = /^@?([A-Za-z0-9_][A-Za-z0-9_.-]{0,63})@([^@/:]+)$/.exec(text) ?? []
    const ascii = domainToASCII(host)
    if (!user || ascii.length > 253 || !hostPattern.test(ascii)) {
      context.addIssue('must have the form user@host')
      return z.NEVER
    }
    return `${user.toLowerCase()}@${ascii}`
  })
  .describe('user@host, with the host of the server.')

const xName = twitterChange.shape.twitter_username.unwrap().describe('Username on X; replaces `twitter_username`.')

export const profileBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('x'), address: xName }),
  z.strictObject({ kind: z.literal('rss'), address: feedUrl }),
  z.strictObject({ kind: z.literal('mastodon'), address: mastodonName }),
])

export const profileSchema = z
  .strictObject({
    id: z.int(),
    kind: z.enum(kinds),
    address: z.string(),
    last_fetched_at: z.iso.datetime().nullable(),
    last_error: z.string().nullable().describe('Why the last fetch failed; null when it did not.'),
  })
  .meta({ id: 'Profile' })

export const itemSchema = z
  .strictObject({
    account: z.string().describe('Username of who linked the profile.'),
    source: z.enum(kinds),
    author: z.string(),
    text: z.string().describe('Plain text, written by others: escape it.'),
    url: z.string().nullable(),
    published_at: z.iso.datetime(),
  })
  .meta({ id: 'FeedItem' })

export const feedSchema = z
  .strictObject({
    items: z.array(itemSchema).describe('The newest first.'),
    sources: z.array(
      z.strictObject({
        kind: z.enum(kinds),
        configured: z.boolean(),
        detail: z.string().nullable().describe('What is missing or failing; null when nothing is.'),
      }),
    ),
  })
  .meta({ id: 'Feed' })
