import type { Readable } from 'node:stream'
import type { Db } from '#internal/db/pool'
import { Problem } from '#internal/runtime/problem'
import type { Attachment, MediaType } from './attachment.ts'

/** Bytes on their way into a storage. */
export interface Staged {
  bytes: Buffer
  object_key: string | null
}

/**
 * A place where contents are kept. Every function throws a 503 when it is away. What is not in PostgreSQL cannot share a
 * transaction, hence the two steps: a content that was staged and never kept goes away by itself.
 */
export interface Contents {
  /** Before the transaction that makes the attachment. Nothing of the database is held meanwhile. */
  stage(db: Db, bytes: Buffer, type: MediaType, now: Date): Promise<Staged>
  /** In that transaction. */
  keep(trx: Db, attachmentId: number, staged: Staged): Promise<void>
  /** Resolves once the first bytes are there. @throws 404 when they were removed meanwhile */
  read(db: Db, attachment: Pick<Attachment, 'id' | 'size' | 'object_key'>): Promise<Readable>
  /** By its key, whether or not it is there. What PostgreSQL has goes with the attachment's row. */
  remove(objectKey: string): Promise<void>
}

export const storageUnavailable = (cause?: unknown) =>
  new Problem(
    'unavailable',
    'storage_unavailable',
    'The storage of attachments cannot be reached right now. Try again.',
    {
      cause,
      retryAfter: 5,
    },
  )
