import { z } from 'zod'
import { username } from '../accounts/schema.ts'
import { listOf, pathId } from '../http/pages.ts'

export const topicParams = z.strictObject({ id: pathId() })
export const memberParams = z.strictObject({ id: pathId(), username })

const name = z.string().trim().min(1).max(100)
const description = z.string().trim().min(1).max(1000).nullable()
const visibility = z
  .enum(['public', 'private'])
  .describe('public: every account reads it. private: members only, who join by invitation.')
const membersMayInvite = z.boolean().describe('Whether members of a private topic may invite, and not its owner alone.')

export const topicBody = z.strictObject({
  name,
  description: description.default(null),
  visibility: visibility.default('public'),
  members_may_invite: membersMayInvite.default(false),
})

export const topicChanges = z.strictObject({
  name: name.optional(),
  description: description.optional(),
  visibility: visibility.optional(),
  members_may_invite: membersMayInvite.optional(),
})

export const topicSchema = z
  .strictObject({
    id: z.int(),
    name: z.string(),
    description: z.string().nullable(),
    visibility,
    owner: z.string().nullable().describe('Username; null when everybody has left.'),
    members_may_invite: z.boolean(),
    members_count: z.int(),
    last_activity_at: z.iso.datetime(),
    created_at: z.iso.datetime(),
    joined: z.boolean().describe('Whether you are a member.'),
  })
  .meta({ id: 'Topic' })

export const memberSchema = z
  .strictObject({
    username: z.string(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    joined_at: z.iso.datetime(),
  })
  .meta({ id: 'Member' })

export const invitationBody = z.strictObject({ username })

export const invitationSchema = z
  .strictObject({
    id: z.int(),
    topic: z.strictObject({ id: z.int(), name: z.string() }),
    username: z.string().describe('Who is invited.'),
    invited_by: z.string(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Invitation' })

export const topicList = listOf(topicSchema)
export const memberList = listOf(memberSchema)
export const invitationList = listOf(invitationSchema)
