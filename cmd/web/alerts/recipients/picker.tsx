import { Button, Group, Modal, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { textOf } from '../../api/problem.ts'
import { FormError } from '../../shared/form-error.tsx'
import { Loaded } from '../../shared/notices.tsx'
import { count } from '../../shared/plural.ts'
import { recipientWord } from '../words.ts'
import { Candidates } from './candidates.tsx'
import { type Directory, directoryQuery } from './directory.ts'
import { lookUp } from './look-up.ts'
import { addedWords, findPasted, isList } from './pasted.ts'
import classes from './picker.module.css'

/** So many entries of a list are looked up one by one where the directory does not have everybody. */
const mostLookUps = 200

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
      classNames={{ body: classes.body!, content: classes.content! }}
    >
      <Loaded query={query}>{(directory) => <Choose directory={directory} {...props} />}</Loaded>
    </Modal>
  )
}

function Choose({ directory, chosen, onDone, onClose }: PickerProps & { directory: Directory }) {
  const [ids, setIds] = useState<ReadonlySet<number>>(() => new Set(chosen))
  const [text, setText] = useState('')
  const [note, setNote] = useState('')
  const wanted = useDeferredValue(text)

  function add(more: readonly number[], unknown: readonly string[] = []): void {
    const next = new Set([...ids, ...more])
    setNote(addedWords(next.size - ids.size, more.length, unknown))
    setIds(next)
  }

  const addList = useMutation({
    mutationFn: async (list: string) => {
      const { ids, unknown } = findPasted(directory, list)
      if (directory.isWhole) return { ids, unknown }
      const lookedUp = new Map<string, number[]>()
      for (const entry of unknown.slice(0, mostLookUps)) lookedUp.set(entry, await lookUp(entry))
      return {
        ids: [...new Set([...ids, ...[...lookedUp.values()].flat()])],
        unknown: unknown.filter((entry) => !lookedUp.get(entry)?.length),
      }
    },
    onSuccess(found) {
      add(found.ids, found.unknown)
      setText('')
    },
  })

  function toggle(id: number): void {
    const next = new Set(ids)
    if (!next.delete(id)) next.add(id)
    setIds(next)
    setNote('')
  }

  return (
    <>
      <TextInput
        label="Search, or paste a list"
        description="E-mail addresses, phone numbers or ids"
        leftSection={<IconSearch size={18} aria-hidden="true" />}
        size="md"
        data-autofocus
        disabled={addList.isPending}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData('text')
          if (!isList(pasted)) return
          event.preventDefault()
          addList.mutate(pasted)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          // It belongs to a form, which is not to be sent.
          event.preventDefault()
          if (isList(text) || findPasted(directory, text).ids.length > 0) addList.mutate(text)
        }}
      />
      <FormError text={addList.error ? textOf(addList.error) : undefined} />
      <Candidates directory={directory} wanted={wanted} chosen={ids} note={note} onToggle={toggle} onAdd={add} />
      <Group gap={8} className={classes.foot!}>
        {ids.size > 0 && (
          <Button variant="subtle" h={44} onClick={() => setIds(new Set())}>
            Clear
          </Button>
        )}
        <Group gap={8} className={classes.answer!}>
          <Button variant="default" h={44} onClick={onClose}>
            Cancel
          </Button>
          <Button h={44} onClick={() => onDone([...ids].toSorted((a, b) => a - b))}>
            {ids.size === 0 ? 'Choose nobody' : `Choose ${count(ids.size, recipientWord)}`}
          </Button>
        </Group>
      </Group>
    </>
  )
}
