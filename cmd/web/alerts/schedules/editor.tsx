import { Button, Group, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { api } from '../../api/api.ts'
import type { Schedule } from '../../api/views.ts'
import { keepDraft, keptDraft } from '../../conversations/drafts.ts'
import { conversationsQuery, titleOf } from '../../conversations/list.ts'
import { useFed, useMe } from '../../live/feed-context.tsx'
import { FormError } from '../../shared/form-error.tsx'
import { Header } from '../../shared/panes.tsx'
import { useSubmit } from '../../shared/use-submit.ts'
import { isDispatcher } from '../../shell/me.ts'
import { AlertFields } from '../raise/alert-fields.tsx'
import { Choices } from '../raise/choices.tsx'
import paneClasses from '../raise/raise-pane.module.css'
import { Manage } from './manage.tsx'
import { checkSchedule, renamed, type ScheduleValues, scheduleBody, valuesOfSchedule } from './schedule-values.ts'
import { schedulesQuery, withSchedule } from './schedules.ts'
import { TimingFields } from './timing-fields.tsx'

/** Makes a schedule, or changes one. */
export function Editor({ schedule, conversation = '' }: { schedule?: Schedule; conversation?: string }) {
  const me = useMe()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const [isSaved, setSaved] = useState(false)
  const form = useForm<ScheduleValues>({
    initialValues: valuesOfSchedule(schedule, {
      conversation,
      body: keptDraft(Number(conversation)),
      mayAlert: isDispatcher(me),
    }),
    validate: checkSchedule,
    onValuesChange: () => setSaved(false),
  })
  // What a message says is the owner's alone.
  const mayChangeWords = !schedule?.message || schedule.owner === me.username

  const { onSubmit, problem, busy } = useSubmit(form, async (values, key) => {
    const body = scheduleBody(values, schedule, mayChangeWords)
    const saved = await renamed(
      schedule
        ? api.patch<Schedule>(`/schedules/${schedule.id}`, body)
        : api.post<Schedule>('/schedules', body, { key }),
    )
    queries.setQueryData(schedulesQuery.queryKey, (list) => list && withSchedule(list, saved))
    setSaved(true)
    const to = Number(values.conversation_id)
    if (values.what === 'message' && values.body === keptDraft(to)) keepDraft(to, '')
    if (!schedule) navigate(`/${saved.id}`)
  })

  const { values } = form
  return (
    <>
      <Header title={schedule ? (schedule.name ?? `Schedule ${schedule.id}`) : 'New schedule'} back="/" />
      <form className={paneClasses.form} onSubmit={onSubmit} noValidate>
        <div className={paneClasses.scroll}>
          <div className={paneClasses.content}>
            {schedule && <Manage schedule={schedule} />}
            {!schedule && isDispatcher(me) && (
              <Choices
                label="What"
                choices={[
                  { value: 'alert', label: 'An alert' },
                  { value: 'message', label: 'A message' },
                ]}
                {...form.getInputProps('what')}
              />
            )}
            <TimingFields values={values} input={form.getInputProps} />
            {values.what === 'alert' ? (
              <AlertFields values={values} input={form.getInputProps} mayNameTime={false} />
            ) : (
              <MessageFields input={form.getInputProps} isReadOnly={!mayChangeWords} />
            )}
            <TextInput
              label="Name (optional)"
              description="What the list calls it."
              size="md"
              maxLength={100}
              {...form.getInputProps('name')}
            />
            <FormError text={problem} />
          </div>
        </div>
        <div className={paneClasses.foot}>
          <Group gap={12} className={paneClasses.buttons!}>
            <Button type="submit" size="md" loading={busy}>
              {schedule ? 'Save' : 'Schedule'}
            </Button>
            {isSaved && <span role="status">Saved</span>}
          </Group>
        </div>
      </form>
    </>
  )
}

type Input = ReturnType<typeof useForm<ScheduleValues>>['getInputProps']

function MessageFields({ input, isReadOnly }: { input: Input; isReadOnly: boolean }) {
  const me = useMe()
  const conversations = useFed(conversationsQuery(me.username)).data ?? []
  return (
    <>
      <NativeSelect
        label="Conversation"
        size="md"
        disabled={isReadOnly}
        data={[
          { value: '', label: isReadOnly ? "Another's" : 'Choose …' },
          ...conversations.map((one) => ({ value: String(one.id), label: titleOf(one, me.username) })),
        ]}
        {...input('conversation_id')}
      />
      <Textarea
        label="Message"
        description={isReadOnly ? 'It is posted in the name of its owner, who alone changes what it says.' : undefined}
        rows={4}
        size="md"
        readOnly={isReadOnly}
        {...input('body')}
      />
    </>
  )
}
