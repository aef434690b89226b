import { collect } from '#internal/feed/collect'
import { createGet } from '#internal/feed/http'
import { createMastodon } from '#internal/feed/mastodon'
import type { Provider } from '#internal/feed/provider'
import { createRss } from '#internal/feed/rss'
import { createX } from '#internal/feed/x'
import type { Clock } from '#internal/runtime/clock'
import type { SchedulerConfig } from '../config.ts'
import type { Job } from './job.ts'

/** Fetches new posts of the profiles that accounts have linked. Each profile by one process at a time. */
export const feed: Job = ({ db, clock, config, logger, signal }) =>
  collect(db, {
    clock,
    providers: providersFor(config, clock),
    signal,
    onError: (error, profile) => logger.warn({ error, profile }, 'profile could not be fetched'),
  })

function providersFor({ X_API_URL, X_API_TOKEN, FEED_ALLOW_PRIVATE }: SchedulerConfig, clock: Clock): Provider[] {
  const client = { get: createGet(FEED_ALLOW_PRIVATE === 'on'), clock }
  const providers = [createRss(client), createMastodon(client)]
  // Its address comes from the operator and not from accounts.
  if (X_API_TOKEN) providers.push(createX({ get: createGet(true), clock }, { url: X_API_URL, token: X_API_TOKEN }))
  return providers
}
