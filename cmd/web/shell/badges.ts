import { useEffect } from 'react'
import { conversationsQuery } from '../conversations/list.ts'
import { useFed, useMe } from '../live/feed-context.tsx'
import { friendsQuery } from '../people/friends.ts'
import { invitationsQuery } from '../topics/invitations.ts'

/** What waits, by section; the sum of it also stands in the title of the browser's tab. */
export function useUnread() {
  const me = useMe()
  const conversations = useFed(conversationsQuery(me.username)).data ?? []
  const invitations = useFed(invitationsQuery).data ?? []
  const friends = useFed(friendsQuery).data ?? []
  const unreadOf = (isTopic: boolean) =>
    conversations
      .filter(({ kind }) => (kind === 'topic') === isTopic)
      .reduce((sum, { unread_count }) => sum + unread_count, 0)
  const topics = unreadOf(true) + invitations.length
  const chats = unreadOf(false)
  const people = friends.filter(({ state }) => state === 'asked').length
  useTitleCount(topics + chats + people)
  return { topics, chats, people }
}

/** "(3) Ops · Belfry": pages set their own part of the title, whenever they like. */
function useTitleCount(count: number): void {
  useEffect(() => {
    const title = document.querySelector('title')
    if (!title) return
    const write = () => {
      const bare = document.title.replace(/^\(\d+\+?\) /, '')
      const wanted = count > 0 ? `(${count > 99 ? '99+' : count}) ${bare}` : bare
      if (wanted !== document.title) document.title = wanted
    }
    write()
    const observer = new MutationObserver(write)
    observer.observe(title, { childList: true })
    return () => observer.disconnect()
  }, [count])
}
