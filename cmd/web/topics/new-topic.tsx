import { Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { api } from '../api/api.ts'
import type { Topic } from '../api/views.ts'
import { keepTopic } from './topic.ts'
import { type TopicFields, TopicForm } from './topic-form.tsx'

const blank: TopicFields = { name: '', description: null, visibility: 'public', members_may_invite: false }

/** The dialog that makes a topic, and opens it. */
export default function NewTopic({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  async function make(fields: TopicFields, key: string): Promise<void> {
    const topic = await api.post<Topic>('/topics', fields, { key })
    keepTopic(queries, topic)
    onClose()
    navigate(`/topics/${topic.id}`)
  }
  return (
    <Modal opened onClose={onClose} title="New topic">
      <TopicForm initial={blank} action="Make topic" onCancel={onClose} send={make} />
    </Modal>
  )
}
