import { z } from 'zod'
import { type Attachment, attachmentNotFound, type MediaType, mediaTypes } from '#internal/attachments/attachment'
import { checkImage } from '#internal/attachments/image'
import { createAttachment, findAttachment, requireRoom } from '#internal/attachments/store'
import { findConversation, isReadable, requireReadable } from '#internal/conversations/conversation'
import type { Db } from '#internal/db/pool'
import type { ApiDeps } from '../deps.ts'
import { callerOf } from '../http/principal.ts'
import { type Answer, type Route, route } from '../http/route.ts'
import { attachmentParams, attachmentSchema } from './schema.ts'

const tag = 'attachments'

export function attachmentRoutes({ clock, config, storage }: Pick<ApiDeps, 'clock' | 'config' | 'storage'>): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/v1/conversations/:id/attachments',
      summary: 'Upload an image: the body is the file itself. A message then names it, within a day.',
      tag,
      access: 'account',
      params: attachmentParams,
      upload: {
        types: mediaTypes,
        limit: config.ATTACHMENT_MB * 1024 * 1024,
        async admit({ params, db, principal }) {
          const { account } = callerOf(principal)
          // Whoever may read here may also post.
          await requireReadable(db, params.id, account)
          await requireRoom(db, account.id)
        },
        async receive({ db }, bytes, type) {
          const mediaType = type as MediaType
          const dimensions = await checkImage(bytes, mediaType)
          return { mediaType, ...dimensions, staged: await storage.stage(db, bytes, mediaType, clock.now()) }
        },
      },
      responses: { 201: attachmentSchema },
      problems: [404, 409],
      async handler({ params, upload, db, principal }) {
        const from = { conversationId: params.id, uploaderId: callerOf(principal).account.id }
        return { status: 201, body: await createAttachment(db, { ...upload, ...from }, storage, clock.now()) }
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/attachments/:id',
      summary: 'The file. For whoever may read the message that has it; before that for who uploaded it.',
      tag,
      access: 'account',
      params: attachmentParams,
      responses: { 200: z.string().meta({ format: 'binary' }), 304: undefined },
      problems: [404],
      media: 'image/*',
      async handler({ params, db, principal, request }) {
        const attachment = await requireVisible(db, params.id, callerOf(principal).account.id)
        const headers = headersOf(attachment)
        if (isSame(request.ifNoneMatch, headers.etag)) return notModified(headers)
        if (request.method === 'HEAD') return { status: 200, headers }
        return { status: 200, body: await storage.read(db, attachment), headers }
      },
    }),
  ]
}

/** @throws 404 */
async function requireVisible(db: Db, id: number, accountId: number): Promise<Attachment> {
  const attachment = await findAttachment(db, id)
  if (!attachment) throw attachmentNotFound()
  const conversation = await findConversation(db, attachment.conversation_id, accountId)
  const isMine = attachment.message_id !== null || attachment.uploader_id === accountId
  if (!conversation || !isReadable(conversation) || !isMine) throw attachmentNotFound()
  return attachment
}

/** What keeps a file that somebody made from doing anything but being shown. It never changes under its id. */
const headersOf = ({ id, media_type, size }: Attachment) => ({
  'content-type': media_type,
  'content-length': String(size),
  'content-disposition': `inline; filename="attachment-${id}.${media_type.slice('image/'.length)}"`,
  'content-security-policy': "default-src 'none'; sandbox",
  'cache-control': 'private, max-age=31536000, immutable',
  // Another account on the same machine asks for itself.
  vary: 'authorization',
  etag: `"${id}"`,
})

function notModified({ etag, 'cache-control': cacheControl }: ReturnType<typeof headersOf>): Answer {
  return { status: 304, headers: { etag, 'cache-control': cacheControl } }
}

function isSame(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}
