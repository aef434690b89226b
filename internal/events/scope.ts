import type { Scope } from './event.ts'

const conversation = 'conversation:'

export const accountScope = (id: number): Scope => `account:${id}`
export const conversationScope = (id: number): Scope => `${conversation}${id}`

/** The conversation that the scope is of; undefined for other scopes. */
export const conversationOf = (scope: Scope): number | undefined =>
  scope.startsWith(conversation) ? Number(scope.slice(conversation.length)) : undefined
