import { fixedFirst } from '../app.ts'
import type { Route } from '../http/route.ts'
import { documentedStatuses, problemSchema } from './openapi.ts'

/** Every answer of an operation that a test of this process has got, e.g. `GET /api/v1/me 200`; scripts/outcomes.test.ts asks for all of them. */
export const outcomes = new Set<string>()

export const outcomeOf = (method: string, path: string, status: number | string) =>
  `${method.toUpperCase()} ${path} ${status}`

/**
 * Returns what looks at each answer, so that the OpenAPI document cannot drift from the code, and notes it.
 * It throws for a status that is not documented, and for a body that does not fit the schema of its status.
 */
export function answerChecker(routes: readonly Route[]) {
  const operations = fixedFirst(routes).map((route) => ({ route, fits: patternOf(route), statuses: allOf(route) }))
  return (method: string, url: string, answer: { status: number; body: unknown; text: string }): void => {
    const { pathname } = new URL(url)
    const found = operations.find(({ route, fits }) => route.method === method.toLowerCase() && fits.test(pathname))
    if (!found) return
    const { route, statuses } = found
    const { status } = answer
    const what = `${method} ${url}: ${status}`
    if (!statuses.has(status)) throw new Error(`${what} is not documented for ${route.path}: ${answer.text}`)
    outcomes.add(outcomeOf(method, route.path, status))
    const schema = status in route.responses ? route.responses[status] : problemSchema
    if (!schema && answer.text !== '') throw new Error(`${what} has a body where none is documented`)
    const result = schema?.safeParse(answer.body)
    if (result && !result.success) throw new Error(`${what} is other than documented: ${result.error.message}`)
  }
}

const allOf = (route: Route) => new Set(documentedStatuses(route))

const patternOf = ({ path }: Route) => new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:[a-z_]+/g, '[^/]+')}$`)
