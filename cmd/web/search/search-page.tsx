import { Page } from '../shared/panes.tsx'

export default function SearchPage() {
  return <Page title="SearchPage">Soon</Page>
}
