import { Button, Group, Modal, NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { api } from '../../api/api.ts'
import { textOf } from '../../api/problem.ts'
import type { Account } from '../../api/views.ts'
import { CopyField } from '../../shared/copy-field.tsx'
import classes from '../../shared/form.module.css'
import { FormError } from '../../shared/form-error.tsx'
import { useSubmit } from '../../shared/use-submit.ts'
import { newPassword } from './new-password.ts'
import { type Role, roles } from './roles.ts'

interface Created {
  username: string
  password: string
  /** What else was to be done, and could not. */
  problem?: string
}

/** An account for somebody else, with a first password to pass on. */
export default function CreateDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const [created, setCreated] = useState<Created>()
  const form = useForm({
    initialValues: { username: '', password: newPassword(), email: '', role: 'member' as Role },
    validate: { username: (text) => (text.trim() === '' ? 'A username is needed' : null) },
  })
  const { onSubmit, problem, busy } = useSubmit(form, async ({ username, password, email, role }, key) => {
    const body = { username: username.trim(), password, ...(email && { email }) }
    const account = await api.post<Account>('/accounts', body, { key })
    const failed = await giveRole(account, role)
    void queries.invalidateQueries({ queryKey: ['manage-accounts'] })
    setCreated({ username: account.username, password, ...(failed && { problem: failed }) })
  })

  if (created)
    return (
      <Modal opened onClose={onClose} title={`${created.username} can log in now`}>
        <div className={classes.form}>
          <FormError text={created.problem} />
          <CopyField
            label="Password"
            value={created.password}
            description="Pass it on. It is shown this once, and can be changed in the settings."
          />
          <Group justify="flex-end">
            <Button
              size="md"
              onClick={() => {
                onClose()
                navigate(`/accounts/${created.username}`)
              }}
            >
              Done
            </Button>
          </Group>
        </div>
      </Modal>
    )
  return (
    <Modal opened onClose={onClose} title="Create an account">
      <form onSubmit={onSubmit} className={classes.form} noValidate>
        <FormError text={problem} />
        <TextInput
          label="Username"
          description="Letters, digits, dots, dashes and underscores. It cannot be changed."
          autoComplete="off"
          autoCapitalize="none"
          size="md"
          data-autofocus
          {...form.getInputProps('username')}
        />
        <TextInput label="First password" autoComplete="off" size="md" {...form.getInputProps('password')} />
        <TextInput
          label="E-mail (optional)"
          type="email"
          autoComplete="off"
          size="md"
          {...form.getInputProps('email')}
        />
        <NativeSelect
          label="Role"
          description={roles[form.values.role].may}
          size="md"
          data={Object.entries(roles).map(([value, { name }]) => ({ value, label: name }))}
          {...form.getInputProps('role')}
        />
        <Group justify="flex-end">
          <Button variant="default" size="md" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" size="md" loading={busy}>
            Create
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

/** What went wrong, if something did: the account is there all the same. */
async function giveRole({ username, role }: Account, wanted: Role): Promise<string | undefined> {
  if (role === wanted) return undefined
  try {
    await api.patch(`/accounts/${username}`, { role: wanted })
    return undefined
  } catch (error) {
    return `The account was created as a ${roles[role].name.toLowerCase()}, but not made ${roles[wanted].name.toLowerCase()}: ${textOf(error)}`
  }
}
