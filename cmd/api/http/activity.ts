import { z } from 'zod'
import type { CursorKey } from './pages.ts'

/** The `after` of lists by latest activity: a time and an id. */
export const activityKey = z.tuple([z.iso.datetime(), z.int().positive()])

export const activityCursor = (row: { last_activity_at: Date; id: number }): CursorKey => [
  row.last_activity_at.toISOString(),
  row.id,
]

export const activityAfter = (key: z.output<typeof activityKey> | undefined) =>
  key && { at: new Date(key[0]), id: key[1] }
