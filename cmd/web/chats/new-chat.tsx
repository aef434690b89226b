import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { PeoplePicker } from '../people/people-picker.tsx'
import { FormError } from '../shared/form-error.tsx'
import { useSubmit } from '../shared/use-submit.ts'
import { openChat, whyNot } from './open-chat.ts'

/** Chooses whom to write to, and opens that conversation. */
export default function NewChat({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const form = useForm({ initialValues: { members: [] as string[], name: '' } })
  const { members } = form.values
  const isGroup = members.length > 1
  const { onSubmit, problem, busy } = useSubmit(form, async (chosen, key) => {
    const name = isGroup ? chosen.name.trim() || null : null
    const chat = await openChat(queries, { members: chosen.members, name }, key).catch((error) => {
      throw new Error(whyNot(error, chosen.members))
    })
    onClose()
    navigate(`/messages/${chat.id}`)
  })
  return (
    <Modal opened onClose={onClose} title="New message">
      <form onSubmit={onSubmit} noValidate>
        <Stack gap="md">
          <PeoplePicker
            label="To"
            autoFocus
            value={members}
            onChange={(chosen) => form.setFieldValue('members', chosen)}
          />
          {isGroup && (
            <TextInput
              label="Name of the group"
              description="Optional. Without one it is called after who is in it."
              size="md"
              maxLength={100}
              {...form.getInputProps('name')}
            />
          )}
          <FormError text={problem} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={members.length === 0} loading={busy}>
              {isGroup ? 'Make group' : 'Write'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
