import type { Db } from '#internal/db/pool'
import { Problem } from '#internal/runtime/problem'
import { type Actor, requireReadable } from './conversation.ts'

/** @throws 404 for a conversation that the account may not read, 403 for a public topic that it has not joined */
export async function requireMember(db: Db, conversationId: number, actor: Actor): Promise<void> {
  const { joined } = await requireReadable(db, conversationId, actor)
  if (!joined) throw new Problem('forbidden', 'forbidden', 'Only members of the conversation may do this.')
}
