import { z } from 'zod'
import { invalidField } from '#internal/runtime/problem'
import type { Answer } from './route.ts'

/** Query of every list; extend it with a list's own filters: `z.object({ ...pageQuery.shape, query: ... })`. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Items per page, 1 to 200.'),
  after: z.string().min(1).max(1000).optional().describe('The `next` of the page before.'),
})

/** A positive id in a path; one that cannot exist answers 404. `objects.id` and `alerts.id` are ints, hence `max`. */
export const pathId = (max = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^[1-9]\d{0,15}$/)
    .transform(Number)
    .refine((id) => id <= max)
    .meta({ type: 'integer', minimum: 1 })

export const int32Max = 2_147_483_647

/** Schema of a list's answer. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable().describe('`after` of the next page, or null.') })

/** The values that a list is ordered by, of the last item seen; they must be unique together. */
export type CursorKey = (string | number)[]

/** The `after` of lists by id. */
export const idKey = z.tuple([z.int().positive()])

export function encodeCursor(key: CursorKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/**
 * The key inside `after`, or undefined on the first page.
 * @throws a 422 about `after` when it is not one that `schema` (a z.tuple) accepts.
 */
export function decodeCursor<S extends z.ZodType>(after: string | undefined, schema: S): z.output<S> | undefined {
  if (after === undefined) return undefined
  let key: unknown
  try {
    key = JSON.parse(Buffer.from(after, 'base64url').toString())
  } catch {
    throw badAfter()
  }
  const result = schema.safeParse(key)
  if (!result.success || JSON.stringify(key).includes('\\u0000')) throw badAfter()
  return result.data
}

const badAfter = () => invalidField('after', 'is not the `next` of a page')

export interface PageOptions<Row> {
  /** The list's own path, without query. */
  path: string
  /** The validated query: what is in it besides `after` goes into the link to the next page. */
  query: { limit: number; after?: string | undefined }
  /** Up to `limit + 1` rows: the one too many says that there is a next page. */
  rows: Row[]
  key: (row: Row) => CursorKey
  view: (row: Row) => unknown
}

/** The answer of a list: `{items, next}` and, when there is more, a `Link` header. */
export function page<Row>(options: PageOptions<Row>): Answer {
  const { items, next, headers } = pageParts(options)
  return { status: 200, body: { items, next }, headers }
}

/** The same as a bare array, as the seeds have it; more is behind the `Link` header. */
export function barePage<Row>(options: PageOptions<Row>): Answer {
  const { items, headers } = pageParts(options)
  return { status: 200, body: items, headers }
}

/** The answer of a list that goes on after `next`, which need not be the key of its last item, and may be so without any item. */
export function openPage(
  path: string,
  query: PageOptions<unknown>['query'],
  items: unknown[],
  next?: CursorKey,
): Answer {
  const after = next === undefined ? null : encodeCursor(next)
  return { status: 200, body: { items, next: after }, headers: linkTo(path, query, after) }
}

function pageParts<Row>({ path, query, rows, key, view }: PageOptions<Row>) {
  const kept = rows.slice(0, query.limit)
  const last = kept.at(-1)
  const next = rows.length > query.limit && last !== undefined ? encodeCursor(key(last)) : null
  return { items: kept.map(view), next, headers: linkTo(path, query, next) }
}

function linkTo(path: string, query: PageOptions<unknown>['query'], next: string | null): Record<string, string> {
  if (next === null) return {}
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...query, after: next }))
    if (value !== undefined) search.set(name, String(value))
  return { link: `<${path}?${search}>; rel="next"` }
}
