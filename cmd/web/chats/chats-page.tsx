import { Page } from '../shared/panes.tsx'

export default function ChatsPage({ id }: { id: string | undefined }) {
  return <Page title="ChatsPage">{id}</Page>
}
