import { IconAlertOctagonFilled, IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import type { Alert } from '../api/views.ts'
import classes from './severity.module.css'

const severities = {
  info: { word: 'Info', Icon: IconInfoCircle },
  warning: { word: 'Warning', Icon: IconAlertTriangle },
  critical: { word: 'Critical', Icon: IconAlertOctagonFilled },
} as const

export const severityWord = (severity: Alert['severity']): string => severities[severity].word

/** How urgent, by icon, word and colour. */
export function Severity({ severity, size = 16 }: { severity: Alert['severity']; size?: number }) {
  const { word, Icon } = severities[severity]
  return (
    <span className={classes.severity} data-severity={severity}>
      <Icon size={size} aria-hidden="true" />
      {word}
    </span>
  )
}
