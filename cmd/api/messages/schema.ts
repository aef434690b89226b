import { z } from 'zod'
import { emojify } from '#internal/runtime/emoji'
import { attachmentSchema } from '../attachments/schema.ts'
import { pathId } from '../http/pages.ts'

export const maxBodyLength = 10_000
export const maxAttachments = 10

export const messageParams = z.strictObject({ id: pathId() })
export const reactionParams = z.strictObject({ id: pathId(), emoji: z.string().min(1).max(100) })

export const messageText = z
  .string()
  .max(maxBodyLength)
  .transform(emojify)
  .describe('Shortcodes such as `:tada:` become emoji.')
const blank = (body: string) => body.trim() === ''

export const messageBody = z
  .strictObject({
    body: messageText,
    reply_to: z.int().positive().nullish().describe('Id of a message of the same conversation.'),
    attachment_ids: z.array(z.int().positive()).max(maxAttachments).default([]),
  })
  .refine(({ body, attachment_ids }) => !blank(body) || attachment_ids.length > 0, {
    path: ['body'],
    message: 'must not be blank, unless there are attachments',
  })

export const messageChanges = z.strictObject({
  body: messageText.refine((body) => !blank(body), 'must not be blank'),
})

export const messageSchema = z
  .strictObject({
    id: z.int(),
    conversation_id: z.int(),
    seq: z.int().describe('1, 2, 3, ... without a gap in its conversation.'),
    author: z.string().describe('Username.'),
    body: z.string().nullable().describe('null once deleted.'),
    reply_to: z.int().nullable(),
    attachments: z.array(attachmentSchema),
    reactions: z.array(z.strictObject({ emoji: z.string(), count: z.int(), mine: z.boolean() })),
    created_at: z.iso.datetime(),
    edited_at: z.iso.datetime().nullable(),
    deleted_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Message' })

const seq = z
  .string()
  .regex(/^\d{1,16}$/, 'must be a seq: a whole number that is not negative')
  .transform(Number)
  .refine((number) => number <= Number.MAX_SAFE_INTEGER)
  .meta({ type: 'integer', minimum: 0 })

export const messagesQuery = z
  .object({
    limit: z.coerce.number().int().min(1).max(200).default(50).describe('Messages per page, 1 to 200.'),
    after: seq.optional().describe('A seq: the messages after it.'),
    before: seq.optional().describe('A seq: the messages before it.'),
  })
  .refine(({ after, before }) => after === undefined || before === undefined, {
    path: ['before'],
    message: 'cannot be together with after',
  })

export const messagePage = z.strictObject({
  items: z.array(messageSchema).describe('Ascending by seq.'),
  next: z.int().nullable().describe('`after` of the newer page, or null.'),
  previous: z.int().nullable().describe('`before` of the older page, or null.'),
})

export const receiptsSchema = z.strictObject({
  counts: z.strictObject({ recipients: z.int(), delivered: z.int(), read: z.int() }),
  items: z.array(
    z.strictObject({
      username: z.string(),
      delivered_at: z.iso.datetime().nullable(),
      read_at: z.iso.datetime().nullable(),
    }),
  ),
  next: z.string().nullable().describe('`after` of the next page, or null.'),
})

export const marksSchema = z
  .strictObject({
    items: z.array(
      z.strictObject({
        username: z.string(),
        joined_seq: z.int().describe('It got the messages after this one.'),
        read_seq: z.int().describe('It has read, and so got, those up to this one.'),
        delivered: z
          .array(z.strictObject({ after_seq: z.int(), up_to_seq: z.int() }))
          .describe('It got those with after_seq < seq <= up_to_seq.'),
      }),
    ),
  })
  .meta({ id: 'ConversationReceipts' })
