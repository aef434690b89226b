export interface FieldProblem {
  path: string
  message: string
}

/** The API refused. `detail` is for people, `code` for programs (docs/errors.md). */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  readonly fields: FieldProblem[]
  /** Seconds, where the server said when to come back. */
  readonly retryAfter: number | undefined

  constructor(options: {
    status: number
    code: string
    detail: string
    errors?: FieldProblem[]
    retryAfter?: number
  }) {
    super(options.detail)
    this.status = options.status
    this.code = options.code
    this.fields = options.errors ?? []
    this.retryAfter = options.retryAfter
  }
}

/** No answer, so that nobody knows whether the request took effect. */
export class Unreachable extends Error {
  constructor() {
    super('Belfry cannot be reached. Check your connection; this page goes on by itself.')
  }
}

/** Whether the same request may well succeed in a moment. */
export const isPassing = (error: unknown): boolean =>
  error instanceof Unreachable ||
  (error instanceof Refused &&
    (error.status === 503 || error.status === 429 || error.status >= 500 || error.code === 'idempotency_key_running'))

/** What to show for whatever was thrown. */
export function textOf(error: unknown): string {
  if (error instanceof Refused && error.fields.length > 0)
    return error.fields.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')
  return error instanceof Error ? error.message : String(error)
}
