import { Button, Group, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { textOf } from '../api/problem.ts'
import { FormError } from './form-error.tsx'

/** Asks before something is done that is not easily undone. `children` say what it means, `action` is the word on the button. */
export default function ConfirmDialog({
  title,
  action,
  onConfirm,
  onClose,
  children,
}: {
  title: string
  action: string
  onConfirm: () => Promise<unknown>
  onClose: () => void
  children: ReactNode
}) {
  const confirm = useMutation({ mutationFn: onConfirm, onSuccess: onClose })
  return (
    <Modal opened onClose={onClose} title={title}>
      {children}
      <FormError text={confirm.error ? textOf(confirm.error) : undefined} />
      <Group justify="flex-end" mt={16}>
        <Button variant="default" size="md" onClick={onClose}>
          Cancel
        </Button>
        <Button color="red" size="md" loading={confirm.isPending} onClick={() => confirm.mutate()}>
          {action}
        </Button>
      </Group>
    </Modal>
  )
}
