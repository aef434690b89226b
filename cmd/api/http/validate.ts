import type { z } from 'zod'
import { type FieldError, Problem } from '#internal/runtime/problem'
import { isUsable } from '#internal/runtime/usable'

/** As many as help; a body of a megabyte could have a hundred thousand. */
const maxErrors = 50

/** Path parameters: a bad one names nothing that exists. @throws 404 */
export function parseParams<S extends z.ZodType>(schema: S | undefined, params: Record<string, string>): z.output<S> {
  for (const name in params) if (!isUsable(params[name] as string)) throw notFound()
  if (!schema) return params as z.output<S>
  const result = schema.safeParse(params)
  if (!result.success) throw notFound()
  return result.data
}

/** @throws 400 for bad percent-encoding, 422 for values that the schema refuses. A repeated name is an array to the schema. */
export function parseQuery<S extends z.ZodType>(schema: S | undefined, search: string): z.output<S> | undefined {
  if (!schema) return undefined
  const query: Record<string, string | string[]> = {}
  if (search !== '') {
    checkEncoding(search)
    for (const [name, value] of new URLSearchParams(search)) {
      if (!isUsable(value) || !isUsable(name)) throw invalid([{ path: name, message: 'must not contain NUL' }])
      if (name === '__proto__') continue
      const before = query[name]
      query[name] = before === undefined ? value : [before, value].flat()
    }
  }
  return parse(schema, query)
}

/** @throws 422 with what is wrong, by path. */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input)
  if (!result.success) throw invalid(result.error.issues.slice(0, maxErrors).flatMap(fieldErrors))
  return result.data
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys')
    return issue.keys
      .slice(0, maxErrors)
      .map((key) => ({ path: [...path, key].join('.'), message: 'is not a known field' }))
  return [{ path: path.join('.'), message: issue.message }]
}

function checkEncoding(search: string): void {
  try {
    decodeURIComponent(search)
  } catch {
    throw new Problem('malformed', 'malformed_query', 'The query is not valid percent-encoding.')
  }
}

const invalid = (errors: FieldError[]) =>
  new Problem('invalid', 'invalid_fields', 'Some fields are not valid.', { errors: errors.slice(0, maxErrors) })

export const notFound = () => new Problem('not_found', 'not_found', 'There is no such thing here.')
