import { Page } from '../shared/panes.tsx'

export default function SettingsPage() {
  return <Page title="SettingsPage">Soon</Page>
}
