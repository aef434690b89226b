import { addReaction, removeReaction } from '#internal/conversations/reactions'
import { parseReaction } from '#internal/runtime/emoji'
import { invalidField } from '#internal/runtime/problem'
import type { ApiDeps } from '../deps.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { reactionParams } from './schema.ts'

const tag = 'messages'
const path = '/api/v1/messages/:id/reactions/:emoji'

export function reactionRoutes({ clock }: Pick<ApiDeps, 'clock'>): Route[] {
  return [
    route({
      method: 'put',
      path,
      summary: 'React with an emoji, or its shortcode. In a public topic it joins.',
      tag,
      access: 'account',
      params: reactionParams,
      responses: { 204: undefined },
      problems: [404, 409, 422],
      async handler({ params, db, principal }) {
        await addReaction(db, params.id, emojiOf(params.emoji), callerOf(principal).account, clock.now())
        return { status: 204 }
      },
    }),
    route({
      method: 'delete',
      path,
      summary: 'Take your reaction back.',
      tag,
      access: 'account',
      params: reactionParams,
      responses: { 204: undefined },
      problems: [404, 422],
      async handler({ params, db, principal }) {
        await removeReaction(db, params.id, emojiOf(params.emoji), callerOf(principal).account, clock.now())
        return { status: 204 }
      },
    }),
  ]
}

function emojiOf(text: string): string {
  const emoji = parseReaction(text)
  if (emoji === undefined) throw invalidField('emoji', 'is no emoji, nor the shortcode of one')
  return emoji
}
