import { removeObjects, removeUnattached } from '#internal/attachments/cleanup'
import { createStorage } from '#internal/attachments/storage'
import type { Job } from './job.ts'

/** Removes uploads that no message named within a day, and from an S3-compatible storage whatever lost its attachment. */
export const attachments: Job = async ({ db, clock, config, logger }) => {
  const now = clock.now()
  const unattached = await removeUnattached(db, now)
  const storage = createStorage(config, logger)
  // Without the storage its objects wait until it is configured again.
  const objects = storage.isExternal ? await removeObjects(db, storage, now) : 0
  return { unattached, objects }
}
