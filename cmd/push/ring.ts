import type { Scope } from '#internal/events/event'
import type { Entry } from './entry.ts'

// What an entry costs beside its text: the object, its place in two lists, the date.
const entryOverheadBytes = 240

/** A queue whose front can be dropped cheaply. */
interface Queue {
  items: Entry[]
  head: number
}

/** The newest entries in position order, by scope, within a number of bytes. */
export class Ring {
  readonly #maxBytes: number
  readonly #all: Queue = { items: [], head: 0 }
  readonly #byScope = new Map<Scope, Queue>()
  #bytes = 0
  #floor: number

  /** `position`: the log's position that the first entry comes after. */
  constructor(maxBytes: number, position: number) {
    this.#maxBytes = maxBytes
    this.#floor = position
  }

  /** The smallest cursor that can be served from here: everything after it that was ever added is still held. */
  get floor(): number {
    return this.#floor
  }

  add(entry: Entry): void {
    this.#all.items.push(entry)
    const queue = this.#byScope.get(entry.scope)
    if (queue) queue.items.push(entry)
    else this.#byScope.set(entry.scope, { items: [entry], head: 0 })
    this.#bytes += cost(entry)
    while (this.#bytes > this.#maxBytes) this.#evict()
  }

  /** Up to `limit` entries of the scopes with a position after `cursor`, in position order. `cursor` must not be below the floor. */
  after(scopes: readonly Scope[], cursor: number, limit: number): Entry[] {
    const found: Entry[] = []
    let lists = 0
    for (const scope of scopes) {
      const queue = this.#byScope.get(scope)
      if (!queue) continue
      const from = firstAfter(queue, cursor)
      if (from === queue.items.length) continue
      lists++
      for (let i = from; i < queue.items.length && i < from + limit; i++) found.push(queue.items[i]!)
    }
    if (lists > 1) found.sort((a, b) => a.position - b.position)
    return found.length > limit ? found.slice(0, limit) : found
  }

  #evict(): void {
    const oldest = shift(this.#all)
    if (!oldest) return
    this.#bytes -= cost(oldest)
    this.#floor = oldest.position
    const queue = this.#byScope.get(oldest.scope)!
    shift(queue)
    if (queue.head === queue.items.length) this.#byScope.delete(oldest.scope)
  }
}

const cost = (entry: Entry): number => (entry.frame?.length ?? 0) + entryOverheadBytes

function shift(queue: Queue): Entry | undefined {
  const entry = queue.items[queue.head]
  if (!entry) return undefined
  queue.head++
  if (queue.head > 1024 && queue.head * 2 > queue.items.length) {
    queue.items.splice(0, queue.head)
    queue.head = 0
  }
  return entry
}

/** Index of the first item after `cursor`, by bisection. */
function firstAfter({ items, head }: Queue, cursor: number): number {
  let low = head
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (items[middle]!.position > cursor) high = middle
    else low = middle + 1
  }
  return low
}
