import { Caller } from '../world/caller.ts'
import type { Answer } from '../world/http.ts'
import type { World } from '../world/world.ts'

// biome-ignore lint/suspicious/noExplicitAny: an item of any list
type Item = any

/** Reads by REST what is held against the truth, when the system is at rest. */
export class Reader {
  pages = 0
  readonly #caller: Caller
  readonly #world: World

  constructor(world: World) {
    this.#world = world
    this.#caller = new Caller(world)
  }

  /** @param account its index */
  async get(account: number, path: string): Promise<Answer> {
    this.pages++
    const { token } = this.#world.people[account]!
    return this.#caller.answer({ method: 'GET', path, token }, Date.now() + 60_000)
  }

  /** The body of a 200. */
  async body(account: number, path: string): Promise<Item> {
    const { status, body } = await this.get(account, path)
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`)
    return body
  }

  /** The pages of a list, whose `next` is the `after` of the following one. */
  async *pagesOf(account: number, path: string, first = ''): AsyncGenerator<Item[]> {
    for (let after: string | number | null = first; after !== null; ) {
      const query = after === '' ? '' : `&after=${after}`
      const { items, next } = (await this.body(account, `${path}?limit=200${query}`)) as {
        items: Item[]
        next: string | null
      }
      yield items
      after = next
    }
  }
}
