import type { Query, QueryClient, QueryKey } from '@tanstack/react-query'
import type { StreamEvent } from '#internal/client/index'

/**
 * Makes of what is shown what it is after an event. Must be idempotent: an event may be in what REST answered already.
 * Returns the same object when the event does not matter, and `reload` when the event alone does not tell.
 */
export type Reduce<T> = (data: T, event: StreamEvent) => T | typeof reload
export const reload = Symbol('reload')

const kept = 1000

/** The newest events, so that what was asked for by REST before them can be brought up to date. */
export class Feed {
  #recent: StreamEvent[] = []
  #dropped = 0
  #position = 0
  readonly #queries: QueryClient
  readonly #followers = new Set<(event: StreamEvent) => void>()

  constructor(queries: QueryClient) {
    this.#queries = queries
  }

  /** Of the last event that was applied. */
  get position(): number {
    return this.#position
  }

  /** Brings everything that is shown up to date with an event. */
  apply(event: StreamEvent): void {
    this.#position = event.position
    this.#recent.push(event)
    if (this.#recent.length > kept * 2) this.#dropped = this.#recent.splice(0, kept).at(-1)!.position
    this.#reduceAll(event, ({ queryKey }) => void this.#queries.invalidateQueries({ queryKey, exact: true }))
    for (const follower of this.#followers) follower(event)
  }

  /** Tells of every event once it was applied. Returns what ends it. */
  follow(follower: (event: StreamEvent) => void): () => void {
    this.#followers.add(follower)
    return () => this.#followers.delete(follower)
  }

  /** Shows what the answer to a request says already, before the stream does. */
  foresee(event: string, data: unknown): void {
    this.#reduceAll({ event, data, position: this.#position, scope: '', at: '' }, () => undefined)
  }

  #reduceAll(event: StreamEvent, onUnclear: (query: Query) => void): void {
    for (const query of this.#queries.getQueryCache().getAll()) {
      const reduce = query.meta?.reduce as Reduce<unknown> | undefined
      if (!reduce || query.state.data === undefined) continue
      const next = reduce(query.state.data, event)
      if (next === reload) onUnclear(query)
      else if (next !== query.state.data) this.#queries.setQueryData(query.queryKey, next)
    }
  }

  /** Loads by REST, then applies what came while it was on its way. */
  async load<T>(fetch: () => Promise<T>, reduce: Reduce<T>): Promise<T> {
    for (;;) {
      const from = this.#position
      let data: T | typeof reload = await fetch()
      if (from < this.#dropped) continue
      for (const event of this.#recent) {
        if (event.position > from) data = reduce(data, event)
        if (data === reload) break
      }
      if (data !== reload) return data
    }
  }

  /** There is a hole in what the stream told, or another account: everything that is shown is loaded again. */
  reset(position: number): void {
    this.#recent = []
    this.#dropped = position
    this.#position = position
    void this.#queries.invalidateQueries()
  }

  /** What failed while the server was away is tried again. */
  retryFailed(): void {
    void this.#queries.refetchQueries({ predicate: ({ state }) => state.status === 'error' })
  }
}

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: { reduce?: unknown }
  }
}

export interface FedQuery<T> {
  queryKey: QueryKey
  load: (signal: AbortSignal) => Promise<T>
  reduce: Reduce<T>
}

/** Options of a query that the stream keeps up to date. */
export function fedQuery<T>(feed: Feed, { queryKey, load, reduce }: FedQuery<T>) {
  return {
    queryKey,
    queryFn: ({ signal }: { signal: AbortSignal }) => feed.load(() => load(signal), reduce),
    meta: { reduce },
  }
}
