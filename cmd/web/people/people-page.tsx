import { useMe } from '../live/feed-context.tsx'
import { Header, Panes } from '../shared/panes.tsx'
import { PeopleList } from './people-list.tsx'
import { ProfilePane } from './profile-pane.tsx'

/** Friends, requests and everybody else, and one of them. Beside the list alone stands one's own page. */
export default function PeoplePage({ username }: { username: string | undefined }) {
  const me = useMe()
  const isOpen = username !== undefined
  const shown = username ?? me.username
  const list = (
    <>
      <Header title="People" level={isOpen ? 2 : 1} />
      <PeopleList open={username} />
    </>
  )
  return (
    <Panes open={isOpen} list={list}>
      <ProfilePane key={shown} username={shown} level={isOpen ? 1 : 2} />
    </Panes>
  )
}
