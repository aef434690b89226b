import { IconCompass } from '@tabler/icons-react'
import { Link } from 'wouter'
import { Empty } from '../shared/notices.tsx'
import { Page } from '../shared/panes.tsx'

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <Page title="Nothing here">
      <Empty icon={<IconCompass size={40} />} title="There is nothing at this address">
        <p>It may have been removed, or you may not see it.</p>
        <Link href="~/">Go to the topics</Link>
      </Empty>
    </Page>
  )
}
