import type { Db } from '#internal/db/pool'
import { invalidField, Problem } from '#internal/runtime/problem'
import { type Attachment, type AttachmentView, attachmentView, type MediaType, maxUnattached } from './attachment.ts'
import type { Contents, Staged } from './contents.ts'
import type { Dimensions } from './image.ts'

const columns = ['id', 'media_type', 'size', 'width', 'height', 'created_at'] as const

export interface NewAttachment extends Dimensions {
  conversationId: number
  uploaderId: number
  mediaType: MediaType
  staged: Staged
}

/** Makes an attachment of a content that was staged. @throws 409 when the account has too many that no message names */
export function createAttachment(db: Db, upload: NewAttachment, storage: Pick<Contents, 'keep'>, now: Date) {
  const { conversationId, uploaderId, mediaType, staged, width, height } = upload
  return db.transaction(async (trx) => {
    // One upload of an account after the other, so that the count holds.
    await trx.raw('select from accounts where id = ? for no key update', [uploaderId])
    await requireRoom(trx, uploaderId)
    const [attachment] = await trx('attachments')
      .insert({
        conversation_id: conversationId,
        uploader_id: uploaderId,
        media_type: mediaType,
        size: staged.bytes.length,
        width,
        height,
        object_key: staged.object_key,
        created_at: now,
      })
      .returning(columns)
    await storage.keep(trx, attachment.id, staged)
    return attachmentView(attachment)
  })
}

/** @throws 409 when the account has too many uploads that no message names. */
export async function requireRoom(db: Db, accountId: number): Promise<void> {
  const waiting = await db('attachments').where({ uploader_id: accountId }).whereNull('message_id').select('id')
  if (waiting.length >= maxUnattached)
    throw new Problem('conflict', 'too_many_uploads', `You have ${maxUnattached} uploads that no message names.`)
}

export async function findAttachment(db: Db, id: number): Promise<Attachment | undefined> {
  return db('attachments').where({ id }).first()
}

/**
 * Gives uploads to a message, in the order of `ids`; one that is named twice counts once.
 * @throws 422 about `attachment_ids` unless all are the account's own, for this conversation and unused
 */
export async function attach(
  trx: Db,
  to: { messageId: number; conversationId: number; accountId: number; ids: readonly number[] },
): Promise<void> {
  const ids = [...new Set(to.ids)]
  const { rowCount } = await trx.raw(
    `update attachments a set message_id = ?, place = named.place
     from unnest(?::bigint[]) with ordinality as named (id, place)
     where a.id = named.id and a.uploader_id = ? and a.conversation_id = ? and a.message_id is null`,
    [to.messageId, ids, to.accountId, to.conversationId],
  )
  if (rowCount !== ids.length)
    throw invalidField('attachment_ids', 'must name uploads of your own to this conversation that no message has')
}

/** Views by message id; a message without attachments is not in it. */
export async function attachmentsOf(db: Db, messageIds: readonly number[]): Promise<Map<number, AttachmentView[]>> {
  const found = new Map<number, AttachmentView[]>()
  if (messageIds.length === 0) return found
  const rows = await db('attachments')
    .whereIn('message_id', messageIds)
    .orderBy(['message_id', 'place'])
    .select([...columns, 'message_id'])
  for (const row of rows) {
    const others = found.get(row.message_id)
    if (others) others.push(attachmentView(row))
    else found.set(row.message_id, [attachmentView(row)])
  }
  return found
}

/** Removes what a message has, content and all: at once from PostgreSQL, by the next run of the job from another storage. */
export async function removeAttachmentsOf(trx: Db, messageId: number): Promise<void> {
  await removeRows(trx, { message_id: messageId })
}

/** What conversations need to know of attachments. */
export const attached = { attach, attachmentsOf, removeAttachmentsOf }

const atOnce = new Date(0)

/** Deletes rows of attachments, and the contents with them. Returns how many. */
export async function removeRows(trx: Db, where: object): Promise<number> {
  const gone: Pick<Attachment, 'object_key'>[] = await trx('attachments').where(where).delete('object_key')
  const removals = gone.flatMap(({ object_key }) => (object_key === null ? [] : [{ object_key, due_at: atOnce }]))
  if (removals.length > 0) await trx('attachment_removals').insert(removals)
  return gone.length
}
