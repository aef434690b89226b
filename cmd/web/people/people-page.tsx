import { Page } from '../shared/panes.tsx'

export default function PeoplePage({ username }: { username: string | undefined }) {
  return <Page title="PeoplePage">{username}</Page>
}
