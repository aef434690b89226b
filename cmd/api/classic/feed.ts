import { z } from 'zod'
import { itemView, kinds } from '#internal/feed/profile'
import { newestItems } from '#internal/feed/store'
import type { ApiDeps } from '../deps.ts'
import { feedLength } from '../feed/routes.ts'
import { itemSchema } from '../feed/schema.ts'
import { isConfigured } from '../feed/sources.ts'
import { type Route, route } from '../http/route.ts'

export function classicFeedRoutes({ config }: Pick<ApiDeps, 'config'>): Route[] {
  const missing = kinds.filter((kind) => !isConfigured(kind, config))
  // A bare array has no place to say it.
  const headers: Record<string, string> = missing.length > 0 ? { 'feed-not-configured': missing.join(', ') } : {}
  return [
    route({
      method: 'get',
      path: '/feed',
      summary: `The ${feedLength} newest posts of all linked profiles. The header Feed-Not-Configured names sources that are not.`,
      tag: 'classic',
      access: 'account',
      responses: { 200: z.array(itemSchema) },
      async handler({ db }) {
        return { status: 200, headers, body: (await newestItems(db, feedLength)).map(itemView) }
      },
    }),
  ]
}
