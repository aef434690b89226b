import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { Refused, textOf } from '../api/problem.ts'
import type { Topic } from '../api/views.ts'
import { PeoplePicker } from '../people/people-picker.tsx'
import { FormError } from '../shared/form-error.tsx'
import classes from './details.module.css'

/** Asks others into a topic. */
export function Invite({ topic }: { topic: Topic }) {
  const [chosen, setChosen] = useState<string[]>([])
  const invite = useMutation({
    mutationFn: async (usernames: string[]) => {
      const answers = await Promise.allSettled(usernames.map((username) => inviteOne(topic.id, username)))
      const failed = usernames.filter((_, n) => answers[n]!.status === 'rejected')
      // What has worked is done; what has not stays in the field.
      setChosen(failed)
      const invited = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
      const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? textOf(answer.reason) : []))
      return { invited, problem: [...new Set(reasons)].join(' ') }
    },
  })
  return (
    <section className={classes.part}>
      <h2>Invite</h2>
      <PeoplePicker label="Whom to invite" value={chosen} onChange={setChosen} />
      <Button disabled={chosen.length === 0} loading={invite.isPending} onClick={() => invite.mutate(chosen)}>
        Invite
      </Button>
      <FormError text={invite.data?.problem} />
      <p role="status">{invite.data && invite.data.invited.length > 0 && invite.data.invited.join(' ')}</p>
    </section>
  )
}

/** What came of it, in words. Inviting again does nothing more. */
async function inviteOne(topicId: number, username: string): Promise<string> {
  try {
    await api.post(`/topics/${topicId}/invitations`, { username })
    return `${username} is invited.`
  } catch (error) {
    if (error instanceof Refused && error.code === 'already_member') return `${username} is a member already.`
    throw error
  }
}
