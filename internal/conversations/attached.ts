import type { Db } from '#internal/db/pool'

/** What conversations need of attachments, which are a domain of their own. */
export interface Attached {
  /** Gives uploads to a message. @throws 422 about `attachment_ids` unless all are the account's own, for this conversation and unused */
  attach(
    trx: Db,
    to: { messageId: number; conversationId: number; accountId: number; ids: readonly number[] },
  ): Promise<void>
  /** Views by message id. */
  attachmentsOf(db: Db, messageIds: readonly number[]): Promise<Map<number, object[]>>
  removeAttachmentsOf(trx: Db, messageId: number): Promise<void>
}
