import { z } from 'zod'
import { mediaTypes } from '#internal/attachments/attachment'
import { pathId } from '../http/pages.ts'

export const attachmentParams = z.strictObject({ id: pathId() })

export const attachmentSchema = z
  .strictObject({
    id: z.int(),
    media_type: z.enum(mediaTypes),
    size: z.int().describe('Bytes.'),
    width: z.int().describe('Pixels, as the image is shown.'),
    height: z.int(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Attachment' })
