import { Button, Checkbox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo, useState } from 'react'
import { Empty, Failure } from '../../shared/notices.tsx'
import { usePages } from '../../shared/pages.tsx'
import { count, formatNumber } from '../../shared/plural.ts'
import { VirtualList } from '../virtual-list.tsx'
import { recipientWord } from '../words.ts'
import { type Directory, type Recipient, search } from './directory.ts'
import classes from './picker.module.css'

interface CandidatesProps {
  directory: Directory
  /** What is looked for. */
  wanted: string
  chosen: ReadonlySet<number>
  /** What happened last, in place of how many there are. */
  note: string
  onToggle: (id: number) => void
  onAdd: (ids: number[]) => void
}

/** Those who can be chosen, or the ones of them who are looked for. */
export const Candidates = (props: CandidatesProps) =>
  props.directory.isWhole ? <FromDirectory {...props} /> : <FromApi {...props} />

function FromDirectory(props: CandidatesProps) {
  const { directory, wanted } = props
  const { recipients } = directory
  const items = useMemo(() => search(recipients, wanted), [recipients, wanted])
  const all = count(recipients.length, recipientWord)
  const words = items.length === recipients.length ? all : `${formatNumber(items.length)} of ${all}`
  return <List {...props} items={items} words={words} />
}

function FromApi(props: CandidatesProps) {
  const [wanted] = useDebouncedValue(props.wanted.trim().slice(0, 100), 200)
  const path = wanted === '' ? '/objects' : `/objects?query=${encodeURIComponent(wanted)}`
  const found = usePages<Recipient>(['recipients', 'search', wanted], path)
  if (found.error) return <Failure error={found.error} onRetry={() => void found.refetch()} />
  const items = found.data ?? []
  const words = found.isFetching ? 'Searching …' : `${formatNumber(items.length)}${found.hasNextPage ? ' or more' : ''}`
  const more = found.hasNextPage && !found.isFetching ? () => void found.fetchNextPage() : undefined
  return <List {...props} items={items} words={words} onEnd={more} />
}

interface ListProps extends CandidatesProps {
  items: Recipient[]
  words: string
  onEnd?: (() => void) | undefined
}

function List({ items, words, note, wanted, chosen, onToggle, onAdd, onEnd }: ListProps) {
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  return (
    <>
      <div className={classes.found}>
        <p className={classes.note} role="status">
          {note || words}
        </p>
        {wanted.trim() !== '' && items.length > 1 && (
          <Button variant="subtle" size="compact-md" onClick={() => onAdd(items.map(({ id }) => id))}>
            Add all {formatNumber(items.length)}
          </Button>
        )}
      </div>
      <div ref={setScroller} className={classes.scroll}>
        {items.length === 0 ? (
          <Empty title="Nobody" />
        ) : (
          <VirtualList
            items={items}
            keyOf={({ id }) => id}
            scroller={scroller}
            rowHeight={60}
            label="Recipients"
            onEnd={onEnd}
          >
            {(recipient) => (
              <Checkbox
                size="md"
                classNames={{ root: classes.choice!, labelWrapper: classes.labels!, label: classes.label! }}
                checked={chosen.has(recipient.id)}
                onChange={() => onToggle(recipient.id)}
                label={
                  <>
                    {recipient.email}
                    <span className={classes.more}>
                      {recipient.phone_number} · #{recipient.id}
                    </span>
                  </>
                }
              />
            )}
          </VirtualList>
        )}
      </div>
    </>
  )
}
