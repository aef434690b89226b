import { useDisclosure } from '@mantine/hooks'
import { IconSearch, IconUser, IconUsers } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy } from 'react'
import { Link, Redirect, useSearchParams } from 'wouter'
import type { Conversation } from '../api/views.ts'
import { ConversationView } from '../conversations/conversation-view.tsx'
import { conversationsQuery, titleOf } from '../conversations/list.ts'
import { fedQuery } from '../live/fed.ts'
import { useLive } from '../live/feed-context.tsx'
import { useStatus } from '../people/use-status.ts'
import { HeaderAction } from '../shared/header-action.tsx'
import { Empty, Loaded } from '../shared/notices.tsx'
import { Header } from '../shared/panes.tsx'
import { parseId } from '../shared/parse-id.ts'
import { count } from '../shared/plural.ts'
import { WhenOpen } from '../shared/when-open.tsx'
import { type ChatState, chatQuery, othersIn } from './chats.ts'

const GroupDetails = lazy(() => import('./group-details.tsx'))

/** A conversation that is open. `id` undefined: the address has none. */
export function ChatPane({ id }: { id: number | undefined }) {
  if (id === undefined) return <NoChat why="unknown" />
  return <KnownChat id={id} />
}

function KnownChat({ id }: { id: number }) {
  const { feed, me } = useLive()
  const queries = useQueryClient()
  const fromList = (): ChatState | undefined => {
    const { queryKey } = conversationsQuery(me.username)
    const chat = queries.getQueryData<Conversation[]>(queryKey)?.find((one) => one.id === id)
    return chat && { chat }
  }
  const state = useQuery({ ...fedQuery(feed, chatQuery(id)), placeholderData: fromList })
  const [search] = useSearchParams()
  return (
    <Loaded query={state}>
      {(known) => {
        if ('gone' in known) return <NoChat why={known.gone} />
        if (known.chat.kind === 'topic') return <Redirect to={`/topics/${id}?${search}`} replace />
        const at = parseId(search.get('at'))
        return known.chat.kind === 'direct' ? (
          <Direct chat={known.chat} username={me.username} at={at} />
        ) : (
          <Group chat={known.chat} username={me.username} at={at} />
        )
      }}
    </Loaded>
  )
}

interface OpenProps {
  chat: Conversation
  username: string
  at: number | undefined
}

function Direct({ chat, username, at }: OpenProps) {
  const other = othersIn(chat, username)[0] ?? username
  const status = useStatus(other)
  return (
    <ConversationView
      conversationId={chat.id}
      title={other}
      subtitle={status?.text}
      back="/messages"
      actions={
        <>
          <SearchHere id={chat.id} />
          <HeaderAction label={`Who ${other} is`} icon={<IconUser size={22} />} href={`/people/${other}`} />
        </>
      }
      {...(at !== undefined && { at })}
    />
  )
}

function Group({ chat, username, at }: OpenProps) {
  const [details, { open, close }] = useDisclosure()
  const others = othersIn(chat, username)
  return (
    <>
      <ConversationView
        conversationId={chat.id}
        title={titleOf(chat, username)}
        subtitle={`${count(others.length + 1, 'member')}: you${others.map((other) => `, ${other}`).join('')}`}
        back="/messages"
        actions={
          <>
            <SearchHere id={chat.id} />
            <HeaderAction label="About this group" icon={<IconUsers size={22} />} onClick={open} />
          </>
        }
        {...(at !== undefined && { at })}
      />
      <WhenOpen opened={details}>
        <GroupDetails chat={chat} onClose={close} />
      </WhenOpen>
    </>
  )
}

const SearchHere = ({ id }: { id: number }) => (
  <HeaderAction label="Search in this conversation" icon={<IconSearch size={20} />} href={`/search?in=${id}`} />
)

function NoChat({ why }: { why: 'left' | 'unknown' }) {
  return (
    <>
      <Header title="Conversation" back="/messages" />
      <Empty title={why === 'left' ? 'You have left this group' : 'There is no such conversation'}>
        <p>{why === 'left' ? 'What is said there now is for who stayed.' : 'Or it is not one of yours.'}</p>
        <Link href="/messages">All conversations</Link>
      </Empty>
    </>
  )
}
