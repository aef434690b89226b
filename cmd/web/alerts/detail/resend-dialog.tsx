import { Button, Group, Modal, Radio, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { textOf } from '../../api/problem.ts'
import type { Alert, Resend } from '../../api/views.ts'
import { FormError } from '../../shared/form-error.tsx'
import { count, formatNumber } from '../../shared/plural.ts'
import { newKey } from '../../shared/request-key.ts'
import { channelWords } from '../channels.ts'
import { recipientWord } from '../words.ts'

/** Asks to whom the alert is to be sent again, and sends it. */
export default function ResendDialog(props: {
  alert: Alert
  missing: number
  onSent: (resend: Resend) => void
  onClose: () => void
}) {
  const { alert, missing, onSent, onClose } = props
  const all = alert.number_of_objects_receiving_alert
  const [to, setTo] = useState<Resend['to']>(missing > 0 ? 'missing' : 'all')
  // One for each choice: what was asked for twice for want of an answer is sent once.
  const [keys] = useState(() => ({ missing: newKey(), all: newKey() }))
  const send = useMutation({
    mutationFn: () => api.post<Resend>(`/alerts/${alert.id}/resend`, { to }, { key: keys[to] }),
    onSuccess: onSent,
  })
  return (
    <Modal opened onClose={onClose} title="Send this alert again?">
      <Stack gap={16}>
        <Radio.Group label="To" value={to} onChange={(value) => setTo(value as Resend['to'])}>
          <Stack gap={12} mt={8}>
            <Radio value="missing" disabled={missing === 0} label={`The missing, ${formatNumber(missing)} now`} />
            <Radio value="all" label={`Everyone it was for, ${formatNumber(all)}`} />
          </Stack>
        </Radio.Group>
        <div>Over: {channelWords(alert.channels)}</div>
        <FormError text={send.error ? textOf(send.error) : undefined} />
        <Group justify="end" gap={8}>
          <Button variant="default" h={44} onClick={onClose}>
            Cancel
          </Button>
          <Button h={44} loading={send.isPending} onClick={() => send.mutate()}>
            Send again to {count(to === 'all' ? all : missing, recipientWord)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
