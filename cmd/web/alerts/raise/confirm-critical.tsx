import { Button, Group, Modal, Stack } from '@mantine/core'
import { count } from '../../shared/plural.ts'
import { Severity } from '../severity.tsx'
import { recipientWord } from '../words.ts'
import classes from './raise-pane.module.css'

/** Nobody alarms everybody by one click. */
export function ConfirmCritical(props: {
  text: string
  everybody: number | undefined
  onAnswer: (isSure: boolean) => void
}) {
  const { text, everybody, onAnswer } = props
  const whom = everybody === undefined ? 'everyone' : count(everybody, recipientWord)
  return (
    <Modal opened onClose={() => onAnswer(false)} title={`A critical alert to ${whom}?`}>
      <Stack gap={16} align="flex-start">
        <Severity severity="critical" />
        <blockquote className={classes.quote}>{text}</blockquote>
        <Group gap={8} justify="flex-end" w="100%">
          <Button variant="default" h={44} onClick={() => onAnswer(false)} data-autofocus>
            Not yet
          </Button>
          <Button color="red" h={44} onClick={() => onAnswer(true)}>
            Raise to {whom}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
