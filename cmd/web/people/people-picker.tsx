import { MultiSelect } from '@mantine/core'
import { useState } from 'react'
import { textOf } from '../api/problem.ts'
import { useFed, useMe } from '../live/feed-context.tsx'
import { Avatar } from '../shared/avatar.tsx'
import { useAccounts } from './accounts.ts'
import { friendsQuery } from './friends.ts'
import classes from './people-picker.module.css'
import { fullName } from './person.ts'
import { pickable } from './pickable.ts'

/** Chooses accounts by what one types of their names, friends first. `value`: usernames. Heavy: only for what is loaded when needed. */
export function PeoplePicker({
  label,
  value,
  onChange,
  autoFocus,
}: {
  label: string
  value: string[]
  onChange: (usernames: string[]) => void
  autoFocus?: boolean
}) {
  const me = useMe()
  const friends = useFed(friendsQuery).data ?? []
  const [typed, setTyped] = useState('')
  const [isOpen, setOpen] = useState(false)
  const found = useAccounts(typed)
  const { near, far } = pickable({ friends, accounts: found.accounts, typed, me: me.username })
  const people = new Map([...near, ...far].map((person) => [person.username, person]))
  const groups = [
    { group: 'Friends', items: near.map(({ username }) => username) },
    { group: 'Others', items: far.map(({ username }) => username) },
  ]
  return (
    <MultiSelect
      label={label}
      placeholder={value.length === 0 ? 'Type a name' : undefined}
      size="md"
      data={groups.filter(({ items }) => items.length > 0)}
      value={value}
      onChange={onChange}
      error={found.error ? textOf(found.error) : undefined}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      // What is offered was chosen already.
      filter={({ options }) => options}
      hidePickedOptions
      // Also once they have come: Enter then takes the first.
      selectFirstOptionOnChange={near.length > 0 || !found.isSearching}
      classNames={{ inputField: classes.typed! }}
      data-autofocus={autoFocus}
      dropdownOpened={isOpen}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      // What is below, as the button that goes on, is not to be covered any longer than needed.
      onOptionSubmit={() => setOpen(false)}
      // Enter chooses, and sends no form until that is done.
      onKeyDown={(event) => event.key === 'Enter' && (isOpen || typed !== '') && event.preventDefault()}
      nothingFoundMessage={messageFor(typed, found.isSearching)}
      maxDropdownHeight={280}
      renderOption={({ option: { value: username } }) => {
        const person = people.get(username)
        return (
          <span className={classes.option}>
            <Avatar name={username} size={28} />
            <span>{username}</span>
            <span className={classes.name}>{person && fullName(person)}</span>
          </span>
        )
      }}
    />
  )
}

function messageFor(typed: string, isSearching: boolean): string {
  if (typed.trim() === '') return 'Type a part of a name.'
  return isSearching ? 'Looking…' : 'Nobody is called like that.'
}
