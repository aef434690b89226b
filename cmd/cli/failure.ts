import { isUnavailable } from '#internal/db/errors'
import { explain } from '#internal/platform/explain'
import { Problem } from '#internal/runtime/problem'

/** The command line itself is wrong: exit code 2. The message is one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** One line (for settings: one a problem) for the person at the terminal. */
export function failureLine(error: unknown): string {
  if (error instanceof Problem) return problemLine(error.message, error.errors)
  if (error instanceof UsageError) return error.message
  const line = explain(error)
  if (line !== undefined) return line
  const { name, message } = error as Error
  if (isUnavailable(error)) return `PostgreSQL cannot be used: ${message}. Look at BELFRY_DATABASE_URL.`
  return `${name}: ${message}`
}

/** A problem of the domain, or of an answer of the API, with the fields that it is about. */
export function problemLine(detail: string, errors: readonly { path: string; message: string }[] = []): string {
  if (errors.length === 0) return detail
  return `${detail} ${errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')}`
}
