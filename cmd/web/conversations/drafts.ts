const drafts = new Map<number, string>()

/** What was written into a conversation and not sent, as long as this page lives. */
export const keptDraft = (conversationId: number): string => drafts.get(conversationId) ?? ''

export function keepDraft(conversationId: number, text: string): void {
  if (text === '') drafts.delete(conversationId)
  else drafts.set(conversationId, text)
}
