import { Button, Group, SegmentedControl } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, useState } from 'react'
import { Link } from 'wouter'
import { api } from '../../api/api.ts'
import { Refused, textOf } from '../../api/problem.ts'
import type { DeadLetter } from '../../api/views.ts'
import { Entries, Entry } from '../../shared/entries.tsx'
import { FormError } from '../../shared/form-error.tsx'
import { Empty } from '../../shared/notices.tsx'
import { Pages, usePages } from '../../shared/pages.tsx'
import { Page } from '../../shared/panes.tsx'
import { formatNumber } from '../../shared/plural.ts'
import { Time } from '../../shared/time.tsx'
import { WhenOpen } from '../../shared/when-open.tsx'
import classes from './dead-letters.module.css'
import { partsOf, sourceOf, whyOf } from './words.ts'

const Confirm = lazy(() => import('../../shared/confirm.tsx'))

type State = DeadLetter['state']

const states: { value: State; label: string; empty: string; about: string }[] = [
  {
    value: 'dead',
    label: 'Given up',
    empty: 'Nothing was left behind',
    about: 'What could not be delivered or handled after all attempts is kept here, to be tried again.',
  },
  {
    value: 'queued',
    label: 'Being tried again',
    empty: 'Nothing waits to be tried again',
    about: 'What you have asked for is here until a worker has done it.',
  },
  {
    value: 'replayed',
    label: 'Done since',
    empty: 'Nothing was tried again so far',
    about: 'What went well at last.',
  },
]

/** What Belfry could not do, and why. */
export default function DeadLettersPage() {
  const [state, setState] = useState<State>('dead')
  const { empty, about } = states.find(({ value }) => value === state)!
  const list = usePages<DeadLetter>(['dead-letters', state], `/dead-letters?state=${state}`, {
    // No event says that a worker has done it.
    ...(state === 'queued' && { refetchInterval: 3000 }),
  })
  const queries = useQueryClient()
  const renew = () => queries.invalidateQueries({ queryKey: ['dead-letters'] })
  const replayAll = useMutation({ mutationFn: replayEach, onSettled: renew })
  const shown = list.data?.length ?? 0
  return (
    <Page title="Dead letters" subtitle={about}>
      <Group justify="space-between" mb={16} gap={12}>
        <SegmentedControl
          aria-label="Which dead letters"
          size="md"
          data={states.map(({ value, label }) => ({ value, label }))}
          value={state}
          onChange={(value) => setState(value as State)}
        />
        {state === 'dead' && shown > 1 && (
          <Button size="md" loading={replayAll.isPending} onClick={() => replayAll.mutate(list.data!)}>
            Try {list.hasNextPage ? `these ${formatNumber(shown)}` : `all ${formatNumber(shown)}`} again
          </Button>
        )}
      </Group>
      <FormError text={replayAll.error ? textOf(replayAll.error) : undefined} />
      <Pages
        list={list}
        empty={
          <Empty icon={<IconCircleCheck size={40} />} title={empty}>
            <p>{about}</p>
          </Empty>
        }
      >
        {(letters) => (
          <Entries label="Dead letters">
            {letters.map((letter) => (
              <Letter key={letter.id} letter={letter} onChanged={renew} />
            ))}
          </Entries>
        )}
      </Pages>
    </Page>
  )
}

/** One after the other. That one was asked for already, or is gone, is as good as done. */
async function replayEach(letters: DeadLetter[]): Promise<void> {
  for (const { id } of letters)
    await api.post(`/dead-letters/${id}/replay`).catch((error) => {
      if (!(error instanceof Refused && [404, 409].includes(error.status))) throw error
    })
}

function Letter({ letter, onChanged }: { letter: DeadLetter; onChanged: () => Promise<void> }) {
  const { id, source, state, error, at, replayed_at } = letter
  const [isForgetting, setForgetting] = useState(false)
  const replay = useMutation({ mutationFn: () => api.post(`/dead-letters/${id}/replay`), onSettled: onChanged })
  return (
    <>
      <Entry
        title={sourceOf(source)}
        detail={
          <>
            <span className={classes.why}>{whyOf(error)}</span>
            <span className={classes.what}>
              {partsOf(letter.reference).map(({ text, href }) =>
                href ? (
                  <Link key={text} href={href}>
                    {text}
                  </Link>
                ) : (
                  <span key={text}>{text}</span>
                ),
              )}
            </span>
            {replay.error && <FormError text={textOf(replay.error)} />}
          </>
        }
        aside={<Time at={replayed_at ?? at} />}
        actions={
          state === 'dead' && (
            <>
              <Button variant="default" size="md" px={14} loading={replay.isPending} onClick={() => replay.mutate()}>
                Try again
              </Button>
              <Button variant="subtle" color="red" size="md" px={14} onClick={() => setForgetting(true)}>
                Forget
              </Button>
            </>
          )
        }
      />
      <WhenOpen opened={isForgetting}>
        <Confirm
          title="Forget this dead letter?"
          action="Forget"
          run={async () => {
            await api.delete(`/dead-letters/${id}`)
            await onChanged()
          }}
          onClose={() => setForgetting(false)}
        >
          It is not tried again, and nothing is left of it.
        </Confirm>
      </WhenOpen>
    </>
  )
}
