import { Page } from '../shared/panes.tsx'

export default function TopicsPage({ id }: { id: string | undefined }) {
  return <Page title="TopicsPage">{id}</Page>
}
