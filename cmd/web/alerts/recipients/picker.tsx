import { Button, Checkbox, Group, Modal, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useState } from 'react'
import { Empty, Loaded } from '../../shared/notices.tsx'
import { VirtualList } from '../virtual-list.tsx'
import { counted, number } from '../words.ts'
import { type Directory, directoryQuery, type Recipient, search } from './directory.ts'
import { findPasted, isList } from './pasted.ts'
import classes from './picker.module.css'

interface PickerProps {
  title: string
  chosen: number[]
  onDone: (chosen: number[]) => void
  onClose: () => void
}

/** Chooses recipients by search, or by a list of addresses, numbers or ids that is pasted into the search. */
export default function Picker(props: PickerProps) {
  const query = useQuery(directoryQuery)
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ body: classes.body!, content: classes.content! }}
    >
      <Loaded query={query}>{(directory) => <Choose directory={directory} {...props} />}</Loaded>
    </Modal>
  )
}

function Choose({ directory, chosen, onDone, onClose }: PickerProps & { directory: Directory }) {
  const [ids, setIds] = useState(() => new Set(chosen))
  const [text, setText] = useState('')
  const [note, setNote] = useState('')
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  const wanted = useDeferredValue(text)
  const shown = useMemo(() => search(directory.recipients, wanted), [directory, wanted])

  function toggle(id: number): void {
    const next = new Set(ids)
    if (!next.delete(id)) next.add(id)
    setIds(next)
    setNote('')
  }

  function addAll(text: string): void {
    const found = findPasted(directory, text)
    const next = new Set([...ids, ...found.ids])
    setNote(pastedWords(next.size - ids.size, found.ids.length, found.unknown))
    setIds(next)
    setText('')
  }

  /** Enter takes what was typed as a list, or the one that is left. */
  function enter(): void {
    if (isList(text) || findPasted(directory, text).ids.length > 0) addAll(text)
    else if (shown.length === 1) addAll(`#${shown[0]!.id}`)
  }

  return (
    <>
      <TextInput
        label="Search, or paste a list"
        description="E-mail addresses, phone numbers or ids"
        leftSection={<IconSearch size={18} aria-hidden="true" />}
        size="md"
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData('text')
          if (!isList(pasted)) return
          event.preventDefault()
          addAll(pasted)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          enter()
        }}
      />
      <p className={classes.note} role="status">
        {note || listedWords(directory, shown.length)}
      </p>
      <div ref={setScroller} className={classes.scroll}>
        {shown.length === 0 ? (
          <Empty title={directory.recipients.length === 0 ? 'There are no recipients yet' : 'Nobody like that'} />
        ) : (
          <VirtualList
            items={shown as Recipient[]}
            keyOf={({ id }) => id}
            scroller={scroller}
            rowHeight={52}
            label="Recipients"
          >
            {(recipient) => (
              <Checkbox
                size="md"
                classNames={{ root: classes.choice!, labelWrapper: classes.labels!, label: classes.label! }}
                checked={ids.has(recipient.id)}
                onChange={() => toggle(recipient.id)}
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
      <Group justify="space-between" gap={8} className={classes.foot!}>
        <Group gap={4}>
          <Button
            variant="subtle"
            disabled={wanted.trim() === ''}
            onClick={() => setIds(new Set([...ids, ...shown.map(({ id }) => id)]))}
          >
            Add all {number(shown.length)} shown
          </Button>
          <Button variant="subtle" disabled={ids.size === 0} onClick={() => setIds(new Set())}>
            None
          </Button>
        </Group>
        <Group gap={8} className={classes.answer!}>
          <Button variant="default" h={44} onClick={onClose}>
            Cancel
          </Button>
          <Button h={44} onClick={() => onDone([...ids].toSorted((a, b) => a - b))}>
            {ids.size === 0 ? 'Choose nobody' : `Choose ${counted(ids.size, 'recipient')}`}
          </Button>
        </Group>
      </Group>
    </>
  )
}

function listedWords({ recipients, isWhole }: Directory, shown: number): string {
  const all = isWhole ? counted(recipients.length, 'recipient') : `the first ${counted(recipients.length, 'recipient')}`
  return shown === recipients.length ? `${isWhole ? '' : 'Only '}${all}` : `${number(shown)} of ${all}`
}

function pastedWords(added: number, found: number, unknown: string[]): string {
  const had = found - added
  const parts = [`${number(added)} added`]
  if (had > 0) parts.push(`${number(had)} had been chosen`)
  if (unknown.length > 0) parts.push(`${number(unknown.length)} not found: ${unknown.slice(0, 10).join(', ')}`)
  return `${parts.join(', ')}${unknown.length > 10 ? ' …' : ''}`
}
