import { Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useSearchParams } from 'wouter'
import { conversationsQuery } from '../conversations/list.ts'
import { useFed, useMe } from '../live/feed-context.tsx'
import { Empty, Failure } from '../shared/notices.tsx'
import { Page } from '../shared/panes.tsx'
import { parseId } from '../shared/parse-id.ts'
import { nameOf, tally } from './found.ts'
import { FoundRow } from './found-row.tsx'
import { Place } from './place.tsx'
import classes from './search.module.css'
import { useFound } from './use-found.ts'
import { searchFieldId } from './use-search-shortcut.ts'

/** While somebody types, not every letter is asked for. */
const pauseMs = 250

/** Finds messages by their words. Words and place are in the address: `/search?q=engine&in=7`. */
export default function SearchPage() {
  const { username } = useMe()
  const conversations = useFed(conversationsQuery(username)).data
  const { words, setWords, settled, place, setPlace } = useAsked()
  const { found, hasMore, isOld, isSearching, error, retry, goFurther } = useFound(settled, place)
  const isAsking = settled !== ''
  return (
    <Page title="Search" narrow>
      <search className={classes.fields}>
        <TextInput
          id={searchFieldId}
          className={classes.words!}
          type="search"
          size="md"
          aria-label="Words"
          placeholder='Words, or "a phrase"'
          leftSection={<IconSearch size={18} aria-hidden="true" />}
          autoFocus
          maxLength={200}
          value={words}
          onChange={({ currentTarget: { value } }) => setWords(value)}
        />
        <Place value={place} onChange={setPlace} conversations={conversations} />
      </search>
      <p className={classes.tally} role="status">
        {isAsking && !error && tally(found.length, hasMore, isSearching)}
      </p>
      {isAsking && error && <Failure error={error} onRetry={retry} />}
      <ol className={classes.found} data-old={isOld || undefined}>
        {found.map((message) => (
          <FoundRow
            key={message.id}
            message={message}
            place={nameOf(message.conversation, conversations ?? [], username)}
          />
        ))}
      </ol>
      {isAsking && hasMore && (
        <Button variant="default" fullWidth onClick={goFurther} loading={isSearching}>
          Look further back
        </Button>
      )}
      {!isAsking && (
        <Empty icon={<IconSearch size={40} />} title="Find what was said">
          <p>
            What has all of the words is found, the newest first. "In quotes" they stand side by side; a - before a word
            leaves out what has it.
          </p>
        </Empty>
      )}
    </Page>
  )
}

/** What is asked for: the address says it, a moment after it was typed. */
function useAsked() {
  const [search, setSearch] = useSearchParams()
  const q = search.get('q') ?? ''
  const [words, setWords] = useState(q)
  const [settled] = useDebouncedValue(words.trim(), pauseMs)
  const set = (name: 'q' | 'in', value: string) =>
    setSearch(
      (now) => {
        const next = new URLSearchParams(now)
        if (value) next.set(name, value)
        else next.delete(name)
        return next
      },
      { replace: true },
    )
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed moves the address, ...
  useEffect(() => {
    if (settled !== q) set('q', settled)
  }, [settled])
  // biome-ignore lint/correctness/useExhaustiveDependencies: ... and a link or the way back moves the field.
  useEffect(() => {
    if (q !== settled) setWords(q)
  }, [q])
  const setPlace = (id: number | undefined) => set('in', id === undefined ? '' : String(id))
  return { words, setWords, settled, place: parseId(search.get('in')), setPlace }
}
