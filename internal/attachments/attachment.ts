import { Problem } from '#internal/runtime/problem'

export const mediaTypes = ['image/gif', 'image/png', 'image/jpeg', 'image/webp'] as const
export type MediaType = (typeof mediaTypes)[number]

/** Attachments of one message. */
export const maxPerMessage = 10
/** Uploads of one account that no message names yet. */
export const maxUnattached = 50

export interface Attachment {
  id: number
  conversation_id: number
  uploader_id: number
  /** Null until a message names it. */
  message_id: number | null
  media_type: MediaType
  /** Bytes. */
  size: number
  /** Pixels, as the image is shown. */
  width: number
  height: number
  /** Where the content is in the S3-compatible storage; null when PostgreSQL has it. */
  object_key: string | null
  created_at: Date
}

export interface AttachmentView {
  id: number
  media_type: MediaType
  size: number
  width: number
  height: number
  created_at: string
}

type Shown = Pick<Attachment, 'id' | 'media_type' | 'size' | 'width' | 'height' | 'created_at'>

export const attachmentView = ({ id, media_type, size, width, height, created_at }: Shown): AttachmentView => ({
  id,
  media_type,
  size,
  width,
  height,
  created_at: created_at.toISOString(),
})

export const attachmentNotFound = () => new Problem('not_found', 'attachment_not_found', 'There is no such attachment.')
