import { Select } from '@mantine/core'
import type { Conversation } from '../api/views.ts'
import { titleOf } from '../conversations/list.ts'
import { useFed, useMe } from '../live/feed-context.tsx'
import { topicQuery } from '../topics/topic.ts'

const everywhere = 'everywhere'

/** Where to search: wherever one may read, or in one conversation. */
export function Place({
  value,
  onChange,
  conversations,
}: {
  value: number | undefined
  onChange: (id: number | undefined) => void
  /** Those that one is in; undefined while they are loading. */
  conversations: Conversation[] | undefined
}) {
  const { username } = useMe()
  const isForeign = value !== undefined && conversations?.every(({ id }) => id !== value) === true
  // One that one only reads, or is not in any more.
  const foreign = useFed(topicQuery(value ?? 0), { enabled: isForeign }).data
  const options = (isTopic: boolean) =>
    (conversations ?? [])
      .filter(({ kind }) => (kind === 'topic') === isTopic)
      .map((conversation) => ({ value: String(conversation.id), label: titleOf(conversation, username) }))
  const groups = [
    { group: 'Topics', items: options(true) },
    { group: 'Messages', items: options(false) },
    {
      group: 'Here',
      items: isForeign
        ? [{ value: String(value), label: foreign && 'topic' in foreign ? foreign.topic.name : 'This conversation' }]
        : [],
    },
  ]
  return (
    <Select
      size="md"
      aria-label="Where"
      data={[{ value: everywhere, label: 'Everywhere' }, ...groups.filter(({ items }) => items.length > 0)]}
      value={value === undefined ? everywhere : String(value)}
      onChange={(chosen) => onChange(chosen === null || chosen === everywhere ? undefined : Number(chosen))}
      searchable
      allowDeselect={false}
      limit={100}
      maxDropdownHeight={360}
      nothingFoundMessage="No conversation is called like that."
    />
  )
}
