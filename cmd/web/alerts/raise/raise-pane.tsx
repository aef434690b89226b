import { Button, Group } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { api } from '../../api/api.ts'
import { Unreachable } from '../../api/problem.ts'
import type { Alert } from '../../api/views.ts'
import { FormError } from '../../shared/form-error.tsx'
import { Header } from '../../shared/panes.tsx'
import { useSubmit } from '../../shared/use-submit.ts'
import { WhenOpen } from '../../shared/when-open.tsx'
import { addAlert } from '../list.ts'
import { directoryQuery } from '../recipients/directory.ts'
import { AlertFields } from './alert-fields.tsx'
import { type AlertValues, alertBody, checkAlert, deadlineOf, emptyAlert, raiseWords } from './alert-values.ts'
import { ConfirmCritical } from './confirm-critical.tsx'
import classes from './raise-pane.module.css'

const noAnswer = 'There was no answer. It may have gone out or not: raise it again as it is, and it goes out once.'

/** Raises an alert, and goes on to its roll-call. */
export default function RaisePane() {
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const directory = useQuery(directoryQuery).data
  const everybody = directory?.isWhole ? directory.recipients.length : undefined
  const [confirm, setConfirm] = useState<(isSure: boolean) => void>()
  const deadline = useRef<{ key: string; at: string | undefined }>(undefined)
  const form = useForm<AlertValues>({ initialValues: emptyAlert, validate: checkAlert })

  const { onSubmit, problem, busy } = useSubmit(form, async (values, key) => {
    if (values.severity === 'critical' && values.audience === 'all') {
      const isSure = await new Promise<boolean>((resolve) => setConfirm(() => resolve))
      setConfirm(undefined)
      if (!isSure) return
    }
    // What is sent again for want of an answer must be the same to the millisecond.
    if (deadline.current?.key !== key) deadline.current = { key, at: deadlineOf(values, new Date()) }
    const acknowledge_by = deadline.current.at
    try {
      const body = { ...alertBody(values), ...(acknowledge_by && { acknowledge_by }) }
      const alert = await api.post<Alert>('/alerts', body, { key })
      addAlert(queries, alert)
      navigate(`/${alert.id}`)
    } catch (error) {
      // Nobody knows whether it went out.
      if (error instanceof Unreachable) throw new Error(noAnswer)
      deadline.current = undefined
      throw error
    }
  })

  return (
    <>
      <Header title="Raise an alert" back="/" />
      <form className={classes.form} onSubmit={onSubmit} noValidate>
        <div className={classes.scroll}>
          <div className={classes.content}>
            <AlertFields values={form.values} input={form.getInputProps} mayNameTime />
            <FormError text={problem} />
          </div>
        </div>
        <div className={classes.foot}>
          <Group gap={8} wrap="nowrap" className={classes.buttons!}>
            <Button type="submit" size="md" loading={busy} color={form.values.severity === 'critical' ? 'red' : 'teal'}>
              {raiseWords(form.values, everybody)}
            </Button>
          </Group>
        </div>
      </form>
      <WhenOpen opened={confirm !== undefined}>
        <ConfirmCritical text={form.values.text} everybody={everybody} onAnswer={(isSure) => confirm?.(isSure)} />
      </WhenOpen>
    </>
  )
}
