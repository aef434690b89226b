import { Page } from '../shared/panes.tsx'

export default function AdminPage() {
  return <Page title="AdminPage">Soon</Page>
}
