import { Button, Group, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { textOf } from '../../api/problem.ts'
import type { Object as Recipient } from '../../api/views.ts'
import { CopyField } from '../../shared/copy-field.tsx'
import classes from '../../shared/form.module.css'
import { FormError } from '../../shared/form-error.tsx'
import QrCode from '../../shared/qr-code.tsx'

/** Makes the link that opens an inbox without an account. Only after a warning: the one before ends. */
export default function InboxLinkDialog({
  recipient: { id, email },
  onClose,
}: {
  recipient: Recipient
  onClose: () => void
}) {
  const make = useMutation({
    mutationFn: () => api.post<{ token: string }>(`/objects/${id}/inbox-token`),
  })
  const link = make.data && `${location.origin}/i/${id}#${make.data.token}`
  return (
    <Modal opened onClose={onClose} title={`Inbox link of ${email}`}>
      <div className={classes.form}>
        {link === undefined ? (
          <>
            <span>
              Whoever has the link sees this inbox and can acknowledge its alerts, without an account. Give it to{' '}
              {email} only.
            </span>
            <strong>A new link ends the one before, wherever that is in use.</strong>
            <FormError text={make.error ? textOf(make.error) : undefined} />
          </>
        ) : (
          <>
            <CopyField label="Link" value={link} description="It is shown this once." />
            <QrCode text={link} label="QR code of the link, for the camera of a phone" />
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" size="md" onClick={onClose}>
            {link === undefined ? 'Cancel' : 'Done'}
          </Button>
          {link === undefined && (
            <Button size="md" loading={make.isPending} onClick={() => make.mutate()}>
              Make a new link
            </Button>
          )}
        </Group>
      </div>
    </Modal>
  )
}
