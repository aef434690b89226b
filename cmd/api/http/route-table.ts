import { Problem } from '#internal/runtime/problem'
import type { Route } from './route.ts'

export interface Found {
  route: Route
  params: Record<string, string>
}

/** What a path without the asked method has. */
export interface OtherMethods {
  allow: string
}

interface Entry {
  route: Route
  names: string[]
}

interface Node {
  fixed: Map<string, Node>
  any?: Node
  methods: Map<string, Entry>
  allow: string
}

const node = (): Node => ({ fixed: new Map(), methods: new Map(), allow: '' })

/**
 * Finds routes by path segment, in time that depends on the path and not on how many routes there are. A fixed segment goes before
 * a parameter (`/sessions/current` before `/sessions/:id`).
 */
export class RouteTable {
  readonly routes: readonly Route[]
  readonly #root = node()

  constructor(routes: readonly Route[]) {
    this.routes = routes
    for (const route of routes) this.#add(route)
  }

  #add(route: Route): void {
    const names: string[] = []
    let at = this.#root
    for (const segment of route.path.slice(1).split('/')) {
      if (segment.startsWith(':')) {
        names.push(segment.slice(1))
        at.any ??= node()
        at = at.any
      } else {
        const next = at.fixed.get(segment) ?? node()
        at.fixed.set(segment, next)
        at = next
      }
    }
    const method = route.method.toUpperCase()
    if (at.methods.has(method)) throw new Error(`Two routes for ${method} ${route.path}`)
    at.methods.set(method, { route, names })
    if (method === 'GET') at.methods.set('HEAD', { route, names })
    at.allow = [...at.methods.keys(), 'OPTIONS'].join(', ')
  }

  /**
   * The route of a method and a raw path (no query), what else the path has, or undefined for an unknown path.
   * @throws a 400 when the path is not valid percent-encoding.
   */
  find(method: string, path: string): Found | OtherMethods | undefined {
    const segments = path.slice(1).split('/')
    if (path.includes('%')) for (let i = 0; i < segments.length; i++) segments[i] = decode(segments[i] as string)
    const values: string[] = []
    const end = walk(this.#root, segments, 0, values)
    if (!end) return undefined
    const entry = end.methods.get(method)
    if (!entry) return { allow: end.allow }
    const params: Record<string, string> = {}
    for (let i = 0; i < entry.names.length; i++) params[entry.names[i] as string] = values[i] as string
    return { route: entry.route, params }
  }
}

function walk(at: Node, segments: string[], index: number, values: string[]): Node | undefined {
  if (index === segments.length) return at.methods.size > 0 ? at : undefined
  const segment = segments[index] as string
  const fixed = at.fixed.get(segment)
  const found = fixed && walk(fixed, segments, index + 1, values)
  if (found) return found
  if (!at.any || segment === '') return undefined
  values.push(segment)
  const deeper = walk(at.any, segments, index + 1, values)
  if (!deeper) values.pop()
  return deeper
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Problem('malformed', 'malformed_path', 'The path is not valid percent-encoding.')
  }
}
