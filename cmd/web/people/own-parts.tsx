import { Feed } from './feed.tsx'
import { LinkedProfiles } from './linked-profiles.tsx'
import { OwnStatus } from './own-status.tsx'

/** What there is on one's own page alone. */
export default function OwnParts() {
  return (
    <>
      <OwnStatus />
      <LinkedProfiles />
      <Feed />
    </>
  )
}
