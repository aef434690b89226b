import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import type { Object as Recipient } from '../../api/views.ts'
import classes from '../../shared/form.module.css'
import { FormError } from '../../shared/form-error.tsx'
import { useSubmit } from '../../shared/use-submit.ts'

/** Adds a recipient, or changes one. */
export default function RecipientDialog({
  recipient,
  onClose,
  onSaved,
}: {
  recipient?: Recipient
  onClose: () => void
  onSaved: (recipient: Recipient) => void
}) {
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { email: recipient?.email ?? '', phone_number: recipient?.phone_number ?? '' },
    validate: {
      email: (text) => (text.trim() === '' ? 'An e-mail address is needed' : null),
      phone_number: (text) => (text.trim() === '' ? 'A phone number is needed' : null),
    },
  })
  const { onSubmit, problem, busy } = useSubmit(form, async ({ email, phone_number }, key) => {
    const body = { email: email.trim(), phone_number: phone_number.trim() }
    const saved = recipient
      ? await api.patch<Recipient>(`/objects/${recipient.id}`, body)
      : await api.post<Recipient>('/objects', body, { key })
    queries.setQueryData(['manage-recipient', String(saved.id)], saved)
    void queries.invalidateQueries({ queryKey: ['manage-recipients'] })
    onClose()
    onSaved(saved)
  })
  return (
    <Modal opened onClose={onClose} title={recipient ? 'Edit the recipient' : 'Add a recipient'}>
      <form onSubmit={onSubmit} className={classes.form} noValidate>
        <FormError text={problem} />
        <TextInput label="E-mail" type="email" size="md" data-autofocus {...form.getInputProps('email')} />
        <TextInput
          label="Phone number"
          description="With its country code, or as it is dialled here"
          type="tel"
          size="md"
          {...form.getInputProps('phone_number')}
        />
        <Group justify="flex-end">
          <Button variant="default" size="md" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" size="md" loading={busy}>
            {recipient ? 'Save' : 'Add'}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
