import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconInfoCircle, IconLock, IconSearch } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy } from 'react'
import { Link, useSearchParams } from 'wouter'
import type { Topic } from '../api/views.ts'
import { ConversationView } from '../conversations/conversation-view.tsx'
import { fedQuery } from '../live/fed.ts'
import { useLive } from '../live/feed-context.tsx'
import { HeaderAction } from '../shared/header-action.tsx'
import { Empty, Loaded } from '../shared/notices.tsx'
import { Header } from '../shared/panes.tsx'
import { parseId } from '../shared/parse-id.ts'
import { count } from '../shared/plural.ts'
import { WhenOpen } from '../shared/when-open.tsx'
import { JoinStrip } from './join-strip.tsx'
import { topicsQuery } from './list.ts'
import { type Gone, mayRead, type TopicState, topicQuery } from './topic.ts'
import classes from './topics.module.css'

const TopicDetails = lazy(() => import('./topic-details.tsx'))

/** A topic that is open: what is said in it, and what it is. `id` undefined: the address has none. */
export function TopicPane({ id }: { id: number | undefined }) {
  if (id === undefined) return <NoTopic why="unknown" />
  return <KnownTopic id={id} />
}

function KnownTopic({ id }: { id: number }) {
  const { feed } = useLive()
  const queries = useQueryClient()
  const fromList = (): TopicState | undefined => {
    const topic = queries.getQueryData<Topic[]>(topicsQuery.queryKey)?.find((one) => one.id === id)
    return topic && { topic }
  }
  const state = useQuery({ ...fedQuery(feed, topicQuery(id)), placeholderData: fromList })
  return (
    <Loaded query={state}>
      {(known) => ('gone' in known ? <NoTopic why={known.gone} /> : <OpenTopic topic={known.topic} />)}
    </Loaded>
  )
}

function OpenTopic({ topic }: { topic: Topic }) {
  const [details, { open, close }] = useDisclosure()
  const [search] = useSearchParams()
  const at = parseId(search.get('at'))
  const { id, name, visibility, description, members_count } = topic
  const subtitle = (
    <>
      {visibility === 'private' && (
        <>
          <IconLock size={13} className={classes.lock} aria-hidden="true" />
          Private ·{' '}
        </>
      )}
      {count(members_count, 'member')}
      {description && ` · ${description}`}
    </>
  )
  const actions = (
    <>
      <HeaderAction label="Search in this topic" icon={<IconSearch size={20} />} href={`/search?in=${id}`} />
      <HeaderAction label="About this topic" icon={<IconInfoCircle size={22} />} onClick={open} />
    </>
  )
  const header = { title: name, subtitle, back: '/topics', actions }
  return (
    <>
      {mayRead(topic) ? (
        <ConversationView
          conversationId={id}
          {...header}
          notice={!topic.joined && <JoinStrip topic={topic} />}
          {...(at !== undefined && { at })}
        />
      ) : (
        <>
          <Header {...header} />
          <Empty icon={<IconLock size={40} />} title="What is said here is for its members">
            <p>As an admin you see that this topic exists, and may change or delete it.</p>
            <Button variant="default" onClick={open}>
              About this topic
            </Button>
          </Empty>
        </>
      )}
      <WhenOpen opened={details}>
        <TopicDetails onClose={close} topic={topic} />
      </WhenOpen>
    </>
  )
}

const why: Record<Gone, { title: string; text: string }> = {
  deleted: { title: 'This topic was deleted', text: 'With it went everything that was said in it.' },
  removed: { title: 'You were taken out of this topic', text: 'Its owner, or a member, can invite you again.' },
  left: { title: 'You have left this topic', text: 'It is private: to come back you need an invitation.' },
  hidden: { title: 'This topic is gone', text: 'It was deleted, or made private.' },
  unknown: { title: 'There is no such topic', text: 'It was deleted, or is private and you are no member.' },
}

function NoTopic({ why: reason }: { why: Gone }) {
  return (
    <>
      <Header title="Topic" back="/topics" />
      <Empty title={why[reason].title}>
        <p>{why[reason].text}</p>
        <Link href="/topics">All topics</Link>
      </Empty>
    </>
  )
}
