import { Checkbox, Group, NativeSelect, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { count, formatNumber } from '../../shared/plural.ts'
import type { Channel } from '../channels.ts'
import { channelWord } from '../channels.ts'
import { directoryQuery } from '../recipients/directory.ts'
import { RecipientsField } from '../recipients/recipients-field.tsx'
import { Severity } from '../severity.tsx'
import { recipientWord } from '../words.ts'
import type { AlertValues } from './alert-values.ts'
import { Choices } from './choices.tsx'

const longest = 4000
const tellFrom = 3500
const outward = ['email', 'sms', 'webhook'] as const
const severities = (['info', 'warning', 'critical'] as const).map((severity) => ({
  value: severity,
  label: <Severity severity={severity} />,
}))
const minutes = [
  { value: '5', label: 'Within 5 minutes' },
  { value: '15', label: 'Within 15 minutes' },
  { value: '30', label: 'Within 30 minutes' },
  { value: '60', label: 'Within an hour' },
  { value: '240', label: 'Within 4 hours' },
  { value: '1440', label: 'Within a day' },
]

interface AlertFieldsProps {
  values: AlertValues
  input: UseFormReturnType<AlertValues>['getInputProps']
  /** Whether a time of day can be named for the deadline, besides a length of time. */
  mayNameTime: boolean
}

/** What an alert says, to whom, over what, and what is to come back. */
export function AlertFields({ values, input, mayNameTime }: AlertFieldsProps) {
  const { text, channels, acknowledge_by, audience } = values
  const isOther = /^\d+$/.test(acknowledge_by) && !minutes.some(({ value }) => value === acknowledge_by)
  return (
    <>
      <Textarea
        label="Text"
        rows={4}
        size="md"
        maxLength={longest}
        description={text.length > tellFrom ? `${formatNumber(longest - text.length)} characters left` : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        {...input('text')}
      />
      <Choices label="Severity" choices={severities} {...input('severity')} />
      <Audience input={input} />
      {audience === 'chosen' && <RecipientsField label="Recipients" {...input('object_ids')} />}
      <Checkbox.Group
        label="Channels"
        size="md"
        value={channels}
        onChange={(chosen) => input('channels').onChange(['inbox', ...outward.filter((one) => chosen.includes(one))])}
        error={input('channels').error}
      >
        <Group gap={20} mt={4} mb={4} mih={36}>
          {(['inbox', ...outward] satisfies Channel[]).map((channel) => (
            <Checkbox key={channel} value={channel} label={channelWord[channel]} disabled={channel === 'inbox'} />
          ))}
        </Group>
      </Checkbox.Group>
      <NativeSelect
        label="To be acknowledged"
        description="Who has not by then is missing, and gets it again."
        size="md"
        data={[
          { value: '', label: 'No deadline' },
          ...minutes,
          ...(isOther ? [{ value: acknowledge_by, label: `Within ${acknowledge_by} minutes` }] : []),
          ...(mayNameTime ? [{ value: 'at', label: 'Until a time …' }] : []),
        ]}
        {...input('acknowledge_by')}
      />
      {acknowledge_by === 'at' && (
        <TextInput label="Until" type="datetime-local" size="md" {...input('acknowledge_at')} />
      )}
      {acknowledge_by !== '' && (
        <RecipientsField
          label="Escalate to"
          description="When somebody has not acknowledged by then, these are told instead."
          {...input('escalate_to')}
        />
      )}
    </>
  )
}

function Audience({ input }: Pick<AlertFieldsProps, 'input'>) {
  const directory = useQuery(directoryQuery)
  const { data, error } = directory
  const everyone = data
    ? count(data.recipients.length, recipientWord) + (data.isWhole ? '' : ' or more')
    : error
      ? 'However many there are'
      : 'Counting …'
  return (
    <Choices
      label="To"
      choices={[
        { value: 'all', label: 'Everyone', description: everyone },
        { value: 'chosen', label: 'Chosen recipients', description: 'By search, or from a list' },
      ]}
      {...input('audience')}
    />
  )
}
