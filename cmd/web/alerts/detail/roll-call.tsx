import { Tabs } from '@mantine/core'
import { IconUserCheck } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import type { Alert, RollCall as Page } from '../../api/views.ts'
import { Empty, Failure, Loading } from '../../shared/notices.tsx'
import { withPage } from '../../shared/paged.ts'
import { formatNumber } from '../../shared/plural.ts'
import { type Counts, missingOf } from '../counts.ts'
import { VirtualList } from '../virtual-list.tsx'
import { NameHeadings, NameRow } from './name-row.tsx'
import classes from './roll-call.module.css'
import { usePaced } from './use-paced.ts'

const states = [
  { state: 'missing', word: 'Missing' },
  { state: 'targeted', word: 'Everyone' },
  { state: 'acknowledged', word: 'Acknowledged' },
  { state: 'read', word: 'Read' },
  { state: 'delivered', word: 'Delivered' },
] as const
type State = (typeof states)[number]['state']

/** Names behind the counts. They are loaded again while the counts move, but the more there are the less often. */
const paceMs = 2000
const pacePerPageMs = 1000

/** Who is missing and who is not, by name. */
export function RollCall(props: { alert: Alert; counts: Counts; scroller: HTMLElement | null }) {
  const { alert, counts, scroller } = props
  const missing = missingOf(alert, counts)
  const [state, setState] = useState<State>(missing > 0 ? 'missing' : 'targeted')
  return (
    <Tabs value={state} onChange={(value) => setState(value as State)} keepMounted={false}>
      <h2 className={classes.title}>Roll-call</h2>
      <Tabs.List className={classes.tabs!} aria-label="Who">
        {states.map(({ state, word }) => (
          <Tabs.Tab key={state} value={state}>
            {word} <span className={classes.count}>{formatNumber(state === 'missing' ? missing : counts[state])}</span>
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {states.map(({ state: shown }) => (
        <Tabs.Panel key={shown} value={shown}>
          <Names alert={alert} state={shown} counts={counts} scroller={scroller} />
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

interface NamesProps {
  alert: Alert
  state: State
  counts: Counts
  scroller: HTMLElement | null
}

function Names({ alert, state, counts, scroller }: NamesProps) {
  const query = useInfiniteQuery({
    queryKey: ['alerts', alert.id, 'roll-call', state],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page>(withPage(`/alerts/${alert.id}/roll-call?state=${state}`, pageParam), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  })
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = query
  const pages = data?.pages ?? []
  usePaced(Object.values(counts).join(), paceMs + pages.length * pacePerPageMs, () => void refetch())
  const items = pages.flatMap((page) => page.items)
  if (!data) return error ? <Failure error={error} onRetry={refetch} /> : <Loading what="Names" />
  if (items.length === 0) return <Nobody state={state} />
  return (
    <>
      <NameHeadings />
      <VirtualList
        items={items}
        keyOf={({ object_id }) => object_id}
        scroller={scroller}
        rowHeight={48}
        label={states.find((one) => one.state === state)!.word}
        total={Math.max(items.length, state === 'missing' ? missingOf(alert, counts) : counts[state])}
        onEnd={hasNextPage && !isFetching && !error ? () => void fetchNextPage() : undefined}
      >
        {(item) => <NameRow item={item} />}
      </VirtualList>
      {error && <Failure error={error} onRetry={() => void fetchNextPage()} />}
    </>
  )
}

const nobody: Record<State, string> = {
  missing: 'Nobody is missing',
  targeted: 'It was for nobody',
  acknowledged: 'Nobody has acknowledged yet',
  read: 'Nobody has read it yet',
  delivered: 'It was delivered to nobody yet',
}

const Nobody = ({ state }: { state: State }) => (
  <Empty icon={<IconUserCheck size={36} stroke={1.5} />} title={nobody[state]} />
)
