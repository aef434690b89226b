import { Page } from '../shared/panes.tsx'

export default function AlertsPage() {
  return <Page title="AlertsPage">Soon</Page>
}
