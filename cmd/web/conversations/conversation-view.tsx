import type { ReactNode } from 'react'
import { useCallback, useMemo, useState } from 'react'
import type { Message } from '../api/views.ts'
import { useFed, useMe } from '../live/feed-context.tsx'
import { Failure, Loading } from '../shared/notices.tsx'
import { Header } from '../shared/panes.tsx'
import { Composer } from './composer.tsx'
import { conversationsQuery } from './list.ts'
import { marksQuery } from './marks.ts'
import { MessageList } from './message-list.tsx'
import { useOutgoing, useRowKeys } from './outbox-provider.tsx'
import { rowsOf } from './rows.ts'
import { useRead } from './use-read.ts'
import { useTimeline } from './use-timeline.ts'

export interface ConversationViewProps {
  conversationId: number
  title: ReactNode
  /** Of the browser's tab, where `title` is no text. */
  name?: string
  subtitle?: ReactNode
  /** Where the arrow back leads on a phone. */
  back: string
  actions?: ReactNode
  /** A seq to open at and to point out. */
  at?: number
  /** Between the messages and where one writes. */
  notice?: ReactNode
}

/** The messages of one conversation, live, and where one writes into it. Give it a `key` of the conversation's id. */
export function ConversationView({ conversationId, at, notice, ...header }: ConversationViewProps) {
  const { username } = useMe()
  const conversations = useFed(conversationsQuery(username)).data
  const mine = conversations?.find(({ id }) => id === conversationId)
  const { timeline, error, retry, older, newer, newest } = useTimeline(conversationId, at, mine !== undefined)
  const outgoing = useOutgoing(conversationId, timeline)
  const keys = useRowKeys()
  const [replyTo, setReplyTo] = useState<Message>()
  const [editing, setEditing] = useState<number>()
  // As it was when one came: the line above what is new stays where it is.
  const [readBefore] = useState(() => (mine && mine.unread_count > 0 ? mine.read_seq : undefined))
  const rows = useMemo(
    () => (timeline ? rowsOf(timeline, outgoing, { username, keys }) : []),
    [timeline, outgoing, username, keys],
  )
  const kind = mine?.kind ?? 'topic'
  // A topic may have thousands of members: there it is told on demand only.
  const marks = useFed(marksQuery(conversationId), { enabled: kind !== 'topic' }).data
  const onSeen = useRead(mine)
  const editLast = useCallback(() => {
    const last = rows.findLast(
      ({ message, outgoing }) => message.author === username && !outgoing && !message.deleted_at,
    )
    setEditing(last?.message.id)
  }, [rows, username])

  return (
    <>
      <Header {...header} />
      {timeline === undefined ? (
        error ? (
          <Failure error={error} onRetry={() => void retry()} />
        ) : (
          <Loading what="Loading messages" />
        )
      ) : (
        <MessageList
          rows={rows}
          timeline={timeline}
          kind={kind}
          marks={marks}
          readBefore={readBefore}
          at={at}
          editing={editing}
          onEdit={setEditing}
          onReply={setReplyTo}
          onOlder={older}
          onNewer={newer}
          onNewest={newest}
          onSeen={onSeen}
        />
      )}
      {notice}
      {timeline !== undefined && error !== undefined && <Failure error={error} />}
      <Composer
        conversationId={conversationId}
        isMember={mine !== undefined}
        replyTo={replyTo}
        onReplied={() => setReplyTo(undefined)}
        onSent={() => void (timeline?.newer && newest())}
        onEditLast={editLast}
      />
    </>
  )
}
