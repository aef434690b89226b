import { Button } from '@mantine/core'
import { IconMessages, IconUsers } from '@tabler/icons-react'
import { memo, useDeferredValue, useMemo, useState } from 'react'
import type { Conversation } from '../api/views.ts'
import { conversationsQuery, preview, titleOf } from '../conversations/list.ts'
import { useFed, useMe } from '../live/feed-context.tsx'
import { Avatar } from '../shared/avatar.tsx'
import { FilterField } from '../shared/filter-field.tsx'
import { ListBody, ListSection, Row } from '../shared/list.tsx'
import { Empty, Loaded } from '../shared/notices.tsx'
import classes from './chats.module.css'
import { chatsFor, othersIn } from './chats.ts'

/** One's direct and group conversations by latest activity, with a filter over all of them. */
export function ChatList({ open, onNew }: { open: number | undefined; onNew: () => void }) {
  const { username } = useMe()
  const conversations = useFed(conversationsQuery(username))
  const [filter, setFilter] = useState('')
  const wanted = useDeferredValue(filter)
  const chats = useMemo(
    () => chatsFor(conversations.data ?? [], wanted, username),
    [conversations.data, wanted, username],
  )
  return (
    <>
      <FilterField label="Filter conversations" value={filter} onChange={setFilter} />
      <ListBody>
        <Loaded query={conversations}>
          {() => (
            <>
              <ListSection items={chats}>
                {(chat) => <Chat key={chat.id} chat={chat} isOpen={chat.id === open} username={username} />}
              </ListSection>
              {chats.length === 0 && wanted.trim() !== '' && (
                <Empty title="No such conversation">
                  <p>You have none with somebody, or of a name, like that.</p>
                </Empty>
              )}
              {chats.length === 0 && wanted.trim() === '' && (
                <Empty icon={<IconMessages size={32} />} title="No conversations yet">
                  <p>Write to one person, or to several at once.</p>
                  <Button onClick={onNew}>New message</Button>
                </Empty>
              )}
            </>
          )}
        </Loaded>
      </ListBody>
    </>
  )
}

// Each of these is drawn again only when it has changed itself, however long the list is.
const Chat = memo(function Chat(props: { chat: Conversation; isOpen: boolean; username: string }) {
  const { chat, isOpen, username } = props
  const isDirect = chat.kind === 'direct'
  return (
    <Row
      href={`/messages/${chat.id}`}
      current={isOpen}
      icon={
        isDirect ? (
          <Avatar name={othersIn(chat, username)[0] ?? username} size={40} />
        ) : (
          <span className={classes.group} role="img" aria-label="Group">
            <IconUsers size={20} stroke={1.7} />
          </span>
        )
      }
      title={titleOf(chat, username)}
      line={chat.last_message ? preview(chat.last_message, username, isDirect) : 'No messages yet'}
      at={chat.last_activity_at}
      unread={isOpen ? 0 : chat.unread_count}
    />
  )
})
