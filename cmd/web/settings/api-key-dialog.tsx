import { Button, Checkbox, Group, Modal, NativeSelect, Radio, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/api.ts'
import type { NewApiKey } from '../api/views.ts'
import { CopyField } from '../shared/copy-field.tsx'
import classes from '../shared/form.module.css'
import { FormError } from '../shared/form-error.tsx'
import { useSubmit } from '../shared/use-submit.ts'
import { partialScopes, type Scope, scopeNames } from './scopes.ts'

const dayMs = 86_400_000
const lifetimes = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: '', label: 'Until it is deleted' },
]

/** Makes a key and shows it, this once. */
export default function ApiKeyDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const [made, setMade] = useState<NewApiKey>()
  const form = useForm({
    initialValues: { name: '', whole: 'some', scopes: ['read'] as Scope[], days: '90' },
    validate: {
      name: (text) => (text.trim() === '' ? 'A name says later what it is for' : null),
      scopes: (scopes, { whole }) => (whole === 'some' && scopes.length === 0 ? 'Choose at least one' : null),
    },
  })
  const { onSubmit, problem, busy } = useSubmit(form, async ({ name, whole, scopes, days }) => {
    const expires_at = days === '' ? null : new Date(Date.now() + Number(days) * dayMs).toISOString()
    const body = { name: name.trim(), scopes: whole === 'all' ? ['all'] : scopes, expires_at }
    setMade(await api.post<NewApiKey>('/api-keys', body))
    void queries.invalidateQueries({ queryKey: ['api-keys'] })
  })
  if (made)
    return (
      <Modal opened onClose={onClose} title={`The key ${made.name}`} closeOnClickOutside={false}>
        <div className={classes.form}>
          <CopyField label="Key" value={made.key} description="It is shown this once: keep it somewhere safe." />
          <Group justify="flex-end">
            <Button size="md" onClick={onClose}>
              Done
            </Button>
          </Group>
        </div>
      </Modal>
    )
  return (
    <Modal opened onClose={onClose} title="New API key">
      <form onSubmit={onSubmit} className={classes.form} noValidate>
        <FormError text={problem} />
        <TextInput
          label="Name"
          placeholder="Nightly backup"
          size="md"
          maxLength={100}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Radio.Group size="md" label="What it may do" {...form.getInputProps('whole')}>
          <Stack gap={4} mt={4}>
            <Radio value="all" label="Everything that you may" size="md" py={4} />
            <Radio value="some" label="Only this" size="md" py={4} />
          </Stack>
        </Radio.Group>
        {form.values.whole === 'some' && (
          <Checkbox.Group aria-label="Scopes" pl={32} {...form.getInputProps('scopes')}>
            <Stack gap={4}>
              {partialScopes.map((scope) => (
                <Checkbox key={scope} value={scope} label={scopeNames[scope]} size="md" py={4} />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <NativeSelect label="It lasts" size="md" data={lifetimes} {...form.getInputProps('days')} />
        <Group justify="flex-end">
          <Button variant="default" size="md" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" size="md" loading={busy}>
            Make the key
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
