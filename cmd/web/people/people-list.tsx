import { useInViewport } from '@mantine/hooks'
import { IconUsers } from '@tabler/icons-react'
import { useDeferredValue, useState } from 'react'
import type { Friend } from '../api/views.ts'
import { useFed, useMe } from '../live/feed-context.tsx'
import { Avatar } from '../shared/avatar.tsx'
import { FilterField } from '../shared/filter-field.tsx'
import { ListBody, ListSection, Row } from '../shared/list.tsx'
import { Empty, Failure, Loaded, Loading } from '../shared/notices.tsx'
import { useAccounts } from './accounts.ts'
import { friendsQuery } from './friends.ts'
import { peopleSections } from './people-list.ts'
import { fullName, type Named } from './person.ts'
import { RequestCard } from './request-card.tsx'
import { useStatus } from './use-status.ts'

/** Oneself, who asks, friends with their status, whom one has asked; with a field that finds everybody. */
export function PeopleList({ open }: { open: string | undefined }) {
  const me = useMe()
  const friends = useFed(friendsQuery)
  const [typed, setTyped] = useState('')
  const wanted = useDeferredValue(typed)
  const found = useAccounts(typed)
  const sections = peopleSections({ friends: friends.data ?? [], accounts: found.accounts, me: me.username }, wanted)
  const isTyping = typed.trim() !== ''
  const isEmpty = Object.values(sections).every(({ length }) => length === 0)
  const row = (person: Named) => <Person key={person.username} person={person} open={open} />
  return (
    <>
      <FilterField label="Find people" value={typed} onChange={setTyped} />
      <ListBody>
        <Loaded query={friends}>
          {() => (
            <>
              <ListSection items={isTyping ? [] : [me]}>
                {() => <Person key="me" person={me} open={open} isMe />}
              </ListSection>
              <ListSection title="Want to be friends" items={sections.asked}>
                {(friend) => <RequestCard key={friend.username} friend={friend} />}
              </ListSection>
              <ListSection title="Friends" items={sections.friends}>
                {row}
              </ListSection>
              <ListSection title="Asked by you" items={sections.requested}>
                {(friend) => <Asked key={friend.username} friend={friend} open={open} />}
              </ListSection>
              <ListSection title="Others" items={sections.others}>
                {row}
              </ListSection>
              {found.isSearching && isTyping && <Loading what="Looking" />}
              {found.error && isTyping && <Failure error={found.error} />}
              {isEmpty && isTyping && !found.isSearching && !found.error && (
                <Empty title="Nobody is called like that">
                  <p>Look for a part of a username, or the beginning of a name.</p>
                </Empty>
              )}
              {isEmpty && !isTyping && (
                <Empty icon={<IconUsers size={32} />} title="No friends yet">
                  <p>Find somebody above. Of friends you see the status here.</p>
                </Empty>
              )}
            </>
          )}
        </Loaded>
      </ListBody>
    </>
  )
}

function Asked({ friend, open }: { friend: Friend; open: string | undefined }) {
  return (
    <Row
      href={`/people/${friend.username}`}
      current={friend.username === open}
      icon={<Avatar name={friend.username} size={40} />}
      title={friend.username}
      detail={fullName(friend)}
      line="Has not answered yet"
      at={friend.since}
    />
  )
}

function Person({ person, open, isMe }: { person: Named; open: string | undefined; isMe?: boolean }) {
  const { ref, inViewport } = useInViewport<HTMLSpanElement>()
  const name = fullName(person)
  return (
    <Row
      href={`/people/${person.username}`}
      current={person.username === open}
      icon={
        <span ref={ref}>
          <Avatar name={person.username} size={40} />
        </span>
      }
      title={person.username}
      detail={isMe ? 'You' : name}
      // Only of who is in view: each costs a watch, of which a connection has so many.
      line={inViewport ? <StatusLine username={person.username} isMe={isMe} /> : undefined}
    />
  )
}

function StatusLine({ username, isMe }: { username: string; isMe?: boolean | undefined }) {
  const status = useStatus(username)
  return status?.text ?? (isMe ? 'Set a status' : null)
}
