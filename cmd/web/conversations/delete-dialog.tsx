import { Button, Group, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import { textOf } from '../api/problem.ts'
import type { Message } from '../api/views.ts'
import { useLive } from '../live/feed-context.tsx'
import { FormError } from '../shared/form-error.tsx'
import { MessageText } from './message-text.tsx'

/** Asks once, as there is no way back. */
export default function DeleteDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { feed } = useLive()
  const remove = useMutation({
    mutationFn: () => api.delete(`/messages/${message.id}`),
    onSuccess: () => {
      const gone = { body: null, attachments: [], reactions: [], deleted_at: new Date().toISOString() }
      feed.foresee('message.deleted', { ...message, ...gone })
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title="Delete this message?">
      <MessageText message={message} />
      <FormError text={remove.error ? textOf(remove.error) : undefined} />
      <p>Everybody sees that it was deleted, and nobody what it said.</p>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
          Delete
        </Button>
      </Group>
    </Modal>
  )
}
