import { Button, Checkbox, Group, Radio, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Topic } from '../api/views.ts'
import { FormError } from '../shared/form-error.tsx'
import { useSubmit } from '../shared/use-submit.ts'

/** What one may set of a topic. */
export type TopicFields = Pick<Topic, 'name' | 'description' | 'visibility' | 'members_may_invite'>

const audiences = [
  { value: 'public', label: 'Public', description: 'Everybody here can find it, read it and join.' },
  { value: 'private', label: 'Private', description: 'Only members see it, and they are invited.' },
] as const

/** Fields of a new topic, or of one that is there. */
export function TopicForm({
  initial,
  action,
  onCancel,
  send,
}: {
  initial: TopicFields
  action: string
  onCancel: () => void
  send: (fields: TopicFields, key: string) => Promise<void>
}) {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { ...initial, description: initial.description ?? '' },
    validate: { name: (name) => (name.trim() === '' ? 'A topic needs a name' : null) },
  })
  const { onSubmit, problem, busy } = useSubmit(form, ({ description, ...fields }, key) =>
    send({ ...fields, description: description.trim() || null }, key),
  )
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <FormError text={problem} />
        <TextInput label="Name" size="md" maxLength={100} data-autofocus {...form.getInputProps('name')} />
        <Textarea
          label="What it is about"
          size="md"
          description="Optional. Shown under the name."
          rows={3}
          maxLength={1000}
          {...form.getInputProps('description')}
        />
        <Radio.Group label="Who may read it" {...form.getInputProps('visibility')}>
          <Stack gap="xs" mt={8}>
            {audiences.map((audience) => (
              <Radio key={audience.value} {...audience} />
            ))}
          </Stack>
        </Radio.Group>
        <Checkbox
          mt="xs"
          radius="xs"
          label="Members may invite others"
          description="Otherwise its owner does, and admins."
          {...form.getInputProps('members_may_invite', { type: 'checkbox' })}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
