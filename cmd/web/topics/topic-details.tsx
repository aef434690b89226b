import { Button, Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconLogout, IconPencil, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { api } from '../api/api.ts'
import type { Topic } from '../api/views.ts'
import { useMe } from '../live/feed-context.tsx'
import { Time } from '../shared/time.tsx'
import { WhenOpen } from '../shared/when-open.tsx'
import classes from './details.module.css'
import { keepTopic, mayInvite, mayManage } from './topic.ts'
import { type TopicFields, TopicForm } from './topic-form.tsx'
import { Invite } from './topic-invite.tsx'
import { Members } from './topic-members.tsx'

const Confirm = lazy(() => import('../shared/confirm.tsx'))

interface Props {
  onClose: () => void
  topic: Topic
}

/** What a topic is, who is in it, and what one may do with it. */
export default function TopicDetails({ onClose, topic }: Props) {
  const [editing, setEditing] = useState(false)
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="min(420px, 100%)"
      title={editing ? 'Edit this topic' : 'About this topic'}
    >
      {editing ? (
        <Edit topic={topic} onDone={() => setEditing(false)} />
      ) : (
        <About topic={topic} onEdit={() => setEditing(true)} onClose={onClose} />
      )}
    </Drawer>
  )
}

function Edit({ topic, onDone }: { topic: Topic; onDone: () => void }) {
  const queries = useQueryClient()
  const { name, description, visibility, members_may_invite } = topic
  async function save(fields: TopicFields): Promise<void> {
    const saved = await api.patch<Topic>(`/topics/${topic.id}`, fields)
    keepTopic(queries, saved)
    onDone()
  }
  const initial = { name, description, visibility, members_may_invite }
  return <TopicForm initial={initial} action="Save" onCancel={onDone} send={save} />
}

function About({ topic, onEdit, onClose }: { topic: Topic; onEdit: () => void; onClose: () => void }) {
  const me = useMe()
  return (
    <div className={classes.parts}>
      <section className={classes.part}>
        <p className={classes.name}>{topic.name}</p>
        <p className={topic.description ? classes.description : classes.none}>
          {topic.description ?? 'Nobody has said what this topic is about.'}
        </p>
        <dl className={classes.facts}>
          <dt>Who reads it</dt>
          <dd>{topic.visibility === 'public' ? 'Everybody here' : 'Its members'}</dd>
          <dt>Owner</dt>
          <dd>{topic.owner ? <Link href={`/people/${topic.owner}`}>{topic.owner}</Link> : 'Nobody: all have left'}</dd>
          <dt>Made</dt>
          <dd>
            <Time at={topic.created_at} as="whole" />
          </dd>
        </dl>
        {mayManage(topic, me) && (
          <Button variant="default" leftSection={<IconPencil size={18} />} onClick={onEdit}>
            Edit
          </Button>
        )}
      </section>
      {mayInvite(topic, me) && <Invite topic={topic} />}
      <Members topic={topic} />
      <WaysOut topic={topic} onClose={onClose} />
    </div>
  )
}

/** Leaving and deleting, each for whom it is. */
function WaysOut({ topic, onClose }: { topic: Topic; onClose: () => void }) {
  const me = useMe()
  const [, navigate] = useLocation()
  const [leaving, leave] = useDisclosure()
  const [deleting, remove] = useDisclosure()
  const out = () => {
    onClose()
    navigate('/topics')
  }
  const alone = topic.members_count === 1
  const isPrivate = topic.visibility === 'private'
  return (
    <section className={classes.part}>
      {topic.joined && (
        <Button variant="default" leftSection={<IconLogout size={18} />} onClick={leave.open}>
          Leave this topic
        </Button>
      )}
      {mayManage(topic, me) && (
        <Button variant="light" color="red" leftSection={<IconTrash size={18} />} onClick={remove.open}>
          Delete this topic
        </Button>
      )}
      <WhenOpen opened={leaving}>
        <Confirm
          onClose={leave.close}
          title={`Leave ${topic.name}?`}
          action="Leave"
          run={() => api.delete(`/topics/${topic.id}/members/me`).then(out)}
        >
          {isPrivate && alone && 'You are its last member: the topic ends with all that was said in it.'}
          {isPrivate && !alone && 'It is private: to come back you need an invitation.'}
          {!isPrivate && 'You can come back whenever you like.'}
          {!alone && topic.owner === me.username && ' Your part as its owner goes to the longest-standing member.'}
        </Confirm>
      </WhenOpen>
      <WhenOpen opened={deleting}>
        <Confirm
          onClose={remove.close}
          title={`Delete ${topic.name}?`}
          action="Delete"
          run={() => api.delete(`/topics/${topic.id}`).then(out)}
        >
          Everything that was said in it goes with it, for everybody. This cannot be undone.
        </Confirm>
      </WhenOpen>
    </section>
  )
}
