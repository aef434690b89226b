/** What the API's lists look like. */
export interface Paged<T> {
  items: T[]
  next: string | null
}

const longest = 200

/** `?limit=...&after=...` behind a path that may have a query already. */
export function withPage(path: string, after: string | null, limit = longest): string {
  const query = new URLSearchParams({ limit: String(limit), ...(after === null ? {} : { after }) })
  return `${path}${path.includes('?') ? '&' : '?'}${query}`
}

/**
 * A list from its beginning, page by page, until it ends or `atMost` items are there; `next` then says where it goes on.
 */
export async function loadUpTo<T>(
  get: (path: string) => Promise<Paged<T>>,
  path: string,
  atMost: number,
): Promise<Paged<T>> {
  const items: T[] = []
  let next: string | null = null
  do {
    const page: Paged<T> = await get(withPage(path, next, Math.min(longest, atMost)))
    items.push(...page.items)
    next = page.next
  } while (next !== null && items.length < atMost)
  return { items, next }
}
