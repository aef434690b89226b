import { Button, Group, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { textOf } from '../api/problem.ts'
import { FormError } from './form-error.tsx'

export interface ConfirmProps {
  onClose: () => void
  /** A question. */
  title: string
  /** What then happens. */
  children: ReactNode
  /** The word on the button. */
  action: string
  /** What the button does; the dialog stays when it fails, and says why. */
  run: () => Promise<unknown>
}

/** Asks before what cannot be taken back. */
export default function Confirm({ onClose, title, children, action, run }: ConfirmProps) {
  const { mutate, isPending, error } = useMutation({ mutationFn: run, onSuccess: onClose })
  return (
    <Modal opened onClose={onClose} title={title} size="sm">
      {children}
      <FormError text={error ? textOf(error) : undefined} />
      <Group justify="flex-end" mt="md" gap="sm">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button color="red" loading={isPending} onClick={() => mutate()}>
          {action}
        </Button>
      </Group>
    </Modal>
  )
}
