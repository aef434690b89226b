import { Button, Group, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { textOf } from '../api/problem.ts'
import type { Message } from '../api/views.ts'
import { useLive } from '../live/feed-context.tsx'

/** The text of a message in place. Enter saves, Escape does not. */
export function MessageEditor({ message, onDone }: { message: Message; onDone: () => void }) {
  const { feed } = useLive()
  const [text, setText] = useState(message.body ?? '')
  const save = useMutation({
    mutationFn: (body: string) => api.patch<Message>(`/messages/${message.id}`, { body }),
    onSuccess: (edited) => {
      feed.foresee('message.edited', edited)
      onDone()
    },
  })
  const submit = () => {
    if (text.trim() === '' || save.isPending) return
    if (text === message.body) onDone()
    else save.mutate(text)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Textarea
        aria-label="Edit the message"
        autosize
        autoFocus
        maxRows={12}
        value={text}
        error={save.error ? textOf(save.error) : undefined}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone()
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault()
            submit()
          }
        }}
      />
      <Group gap={8} mt={6} mb={4}>
        <Button size="xs" type="submit" loading={save.isPending} disabled={text.trim() === ''}>
          Save
        </Button>
        <Button size="xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
    </form>
  )
}
