import { Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { type Choice, useChoice } from '../notifications/choice.ts'
import { isNotifiable, showNotice } from '../notifications/desktop.ts'
import { FormError } from '../shared/form-error.tsx'

const choices: { value: Choice; label: string; about: string }[] = [
  { value: 'nothing', label: 'Of nothing', about: 'The count in the title of the page is all.' },
  {
    value: 'personal',
    label: 'Of what is for you',
    about: 'Direct messages and groups, invitations, and who asks to be friends.',
  },
  { value: 'everything', label: 'Of topics as well', about: 'Whatever is written in the topics that you have joined.' },
]

const denied = 'The browser does not allow this page to notify. Allow it in its settings of this site.'
const unable = 'This browser shows notifications of installed apps only.'

/** What this browser notifies of. */
export default function Notifications() {
  const [choice, setChoice] = useChoice()
  const [problem, setProblem] = useState(() =>
    isNotifiable() && Notification.permission === 'denied' ? denied : undefined,
  )
  const isPossible = isNotifiable()

  async function choose(next: Choice): Promise<void> {
    setProblem(undefined)
    if (next === 'nothing') return setChoice(next)
    // Browsers ask whoever sits there, once, and only after a tap.
    if ((await Notification.requestPermission()) !== 'granted') return setProblem(denied)
    if (!showNotice({ tag: 'belfry', title: 'Belfry', body: 'This is what you will see.' })) return setProblem(unable)
    setChoice(next)
  }

  return (
    <Radio.Group
      label={<h2>Notify me</h2>}
      description="In this browser, while a page of Belfry is open in it and none is in sight"
      value={isPossible ? choice : 'nothing'}
      onChange={(next) => void choose(next as Choice)}
    >
      <Stack gap={4} mt={12}>
        {choices.map(({ value, label, about }) => (
          <Radio
            key={value}
            value={value}
            disabled={!isPossible && value !== 'nothing'}
            label={label}
            description={about}
            size="md"
            py={6}
          />
        ))}
      </Stack>
      {!isPossible && <p>This browser has no notifications here: pages need HTTPS for them.</p>}
      <FormError text={problem} />
    </Radio.Group>
  )
}
