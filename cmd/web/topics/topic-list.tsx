import { Button } from '@mantine/core'
import { IconHash, IconLock } from '@tabler/icons-react'
import { memo, useDeferredValue, useMemo, useState } from 'react'
import type { Conversation, Topic } from '../api/views.ts'
import { conversationsQuery, preview } from '../conversations/list.ts'
import { useFed, useMe } from '../live/feed-context.tsx'
import { FilterField } from '../shared/filter-field.tsx'
import { ListBody, ListSection, Row } from '../shared/list.tsx'
import { Empty, Failure, Loaded, Loading } from '../shared/notices.tsx'
import { count } from '../shared/plural.ts'
import { InvitationCard } from './invitation-card.tsx'
import { invitationsQuery } from './invitations.ts'
import { topicSections, topicsQuery } from './list.ts'
import classes from './topics.module.css'

/** Invitations, one's own topics, and those that one could join; with a filter over all of them. */
export function TopicList({ open, onNew }: { open: number | undefined; onNew: () => void }) {
  const me = useMe()
  const conversations = useFed(conversationsQuery(me.username))
  const invitations = useFed(invitationsQuery).data
  const topics = useFed(topicsQuery)
  const [filter, setFilter] = useState('')
  const wanted = useDeferredValue(filter)
  const sections = useMemo(
    () =>
      topicSections(
        { invitations: invitations ?? [], conversations: conversations.data ?? [], topics: topics.data ?? [] },
        wanted,
      ),
    [invitations, conversations.data, topics.data, wanted],
  )
  const isEmpty = Object.values(sections).every(({ length }) => length === 0)
  return (
    <>
      <FilterField label="Filter topics" value={filter} onChange={setFilter} />
      <ListBody>
        <Loaded query={conversations}>
          {() => (
            <>
              <ListSection title="Invitations" items={sections.invitations}>
                {(invitation) => <InvitationCard key={invitation.id} invitation={invitation} />}
              </ListSection>
              <ListSection title="Your topics" items={sections.mine}>
                {(topic) => <MyTopic key={topic.id} topic={topic} isOpen={topic.id === open} username={me.username} />}
              </ListSection>
              <ListSection title="Other public topics" items={sections.others}>
                {(topic) => <OtherTopic key={topic.id} topic={topic} isOpen={topic.id === open} />}
              </ListSection>
              {topics.isPending && <Loading what="Loading public topics" />}
              {topics.error && !topics.data && <Failure error={topics.error} onRetry={() => void topics.refetch()} />}
              {isEmpty && !topics.isPending && <Nothing filter={wanted} onNew={onNew} />}
            </>
          )}
        </Loaded>
      </ListBody>
    </>
  )
}

function Nothing({ filter, onNew }: { filter: string; onNew: () => void }) {
  if (filter.trim() !== '')
    return (
      <Empty title="No such topic">
        <p>No topic that you can see is called like that.</p>
      </Empty>
    )
  return (
    <Empty icon={<IconHash size={32} />} title="No topics yet">
      <p>Make the first one: for a crew, a watch, a subject.</p>
      <Button onClick={onNew}>New topic</Button>
    </Empty>
  )
}

const icons = { public: IconHash, private: IconLock }

function TopicIcon({ visibility }: { visibility: 'public' | 'private' }) {
  const Icon = icons[visibility]
  return (
    <span className={classes.icon} role="img" aria-label={`${visibility} topic`}>
      <Icon size={20} stroke={1.7} />
    </span>
  )
}

// Each of these is drawn again only when it has changed itself, however long the list is.
const MyTopic = memo(function MyTopic(props: { topic: Conversation; isOpen: boolean; username: string }) {
  const { topic, isOpen, username } = props
  return (
    <Row
      href={`/topics/${topic.id}`}
      current={isOpen}
      icon={<TopicIcon visibility={topic.visibility} />}
      title={topic.name}
      line={topic.last_message ? preview(topic.last_message, username, false) : 'No messages yet'}
      at={topic.last_activity_at}
      unread={isOpen ? 0 : topic.unread_count}
    />
  )
})

const OtherTopic = memo(function OtherTopic({ topic, isOpen }: { topic: Topic; isOpen: boolean }) {
  return (
    <Row
      href={`/topics/${topic.id}`}
      current={isOpen}
      icon={<TopicIcon visibility={topic.visibility} />}
      title={topic.name}
      line={topic.description ?? count(topic.members_count, 'member')}
      at={topic.last_activity_at}
    />
  )
})
