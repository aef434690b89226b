import { z } from 'zod'
import { changeProfile } from '#internal/accounts/change'
import { itemView, profileView } from '#internal/feed/profile'
import { linkProfile, listProfiles, type SetXName, unlinkProfile } from '#internal/feed/profiles'
import { newestItems } from '#internal/feed/store'
import type { ApiDeps } from '../deps.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { feedSchema, profileBody, profileParams, profileSchema } from './schema.ts'
import { sourcesOf } from './sources.ts'

const tag = 'feed'
const path = '/api/v1/me/profiles'
/** Posts that a feed has. */
export const feedLength = 10

export function feedRoutes({ clock, config }: Pick<ApiDeps, 'clock' | 'config'>): Route[] {
  const setXName: SetXName = (db, accountId, twitter_username) =>
    changeProfile(db, accountId, { twitter_username }, clock.now())
  return [
    route({
      method: 'get',
      path: '/api/v1/feed',
      summary: `The ${feedLength} newest posts of all profiles that accounts have linked, and what is not configured.`,
      tag,
      access: 'account',
      responses: { 200: feedSchema },
      async handler({ db }) {
        const [items, sources] = await Promise.all([newestItems(db, feedLength), sourcesOf(db, config)])
        return { status: 200, body: { items: items.map(itemView), sources } }
      },
    }),
    route({
      method: 'get',
      path,
      summary: 'Your profiles elsewhere: on X (`twitter_username`), RSS or Atom feeds, on Mastodon.',
      tag,
      access: 'account',
      responses: { 200: z.strictObject({ items: z.array(profileSchema) }) },
      async handler({ db, principal }) {
        const profiles = await listProfiles(db, callerOf(principal).account.id, clock.now())
        return { status: 200, body: { items: profiles.map(profileView) } }
      },
    }),
    route({
      method: 'post',
      path,
      summary: 'Link a profile. Its posts are in the feed a few minutes later. One that is linked already answers 200.',
      tag,
      access: 'account',
      body: profileBody,
      responses: { 200: profileSchema, 201: profileSchema },
      problems: [409],
      async handler({ body, db, principal }) {
        const options = { now: clock.now(), setXName }
        const { profile, isNew } = await linkProfile(db, callerOf(principal).account.id, body, options)
        return { status: isNew ? 201 : 200, body: profileView(profile) }
      },
    }),
    route({
      method: 'delete',
      path: `${path}/:id`,
      summary: 'Unlink a profile. Its posts leave the feed, unless somebody else has linked it.',
      tag,
      access: 'account',
      params: profileParams,
      responses: { 204: undefined },
      problems: [404],
      async handler({ params, db, principal }) {
        await unlinkProfile(db, callerOf(principal).account.id, params.id, setXName)
        return { status: 204 }
      },
    }),
  ]
}
