import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { api } from '../api/api.ts'
import { Refused, textOf } from '../api/problem.ts'
import type { Conversation } from '../api/views.ts'
import { type ChatState, chatKey } from './chats.ts'

/** The direct conversation with one (there is only one), or a new group of several. @throws Refused */
export async function openChat(
  queries: QueryClient,
  body: { members: string[]; name?: string | null },
  key?: string,
): Promise<Conversation> {
  const chat = await api.post<Conversation>('/conversations', body, { key })
  const state: ChatState = { chat }
  queries.setQueryData(chatKey(chat.id), state)
  return chat
}

/** Opens the direct conversation with somebody. */
export function useOpenDirect() {
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  return useMutation({
    mutationFn: (username: string) => openChat(queries, { members: [username] }),
    onSuccess: ({ id }) => navigate(`/messages/${id}`),
  })
}

/** Why a conversation could not be opened, for whoever wanted it. */
export function whyNot(error: unknown, members: string[]): string {
  if (!(error instanceof Refused)) return textOf(error)
  if (error.code === 'friends_only')
    return members.length === 1
      ? `${members[0]} takes messages from friends only. Ask to be friends first.`
      : 'One of them takes messages from friends only. Ask to be friends first.'
  const unknown = error.fields.map(({ path }) => /^members\.(\d+)$/.exec(path)?.[1]).find(Boolean)
  if (unknown !== undefined) return `There is no account ${members[Number(unknown)]} any more.`
  return error.fields.map(({ message }) => message).join('; ') || error.message
}
