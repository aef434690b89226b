/** What went wrong, as a closed set. Each edge maps a kind to its own vocabulary: api to a status, worker to retry or dead letter. */
export type ProblemKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'unsupported_media_type'
  | 'invalid'
  | 'too_many'
  | 'unavailable'

export interface FieldError {
  /** Where in the input, e.g. `object_ids.3`; empty for the whole. */
  path: string
  message: string
}

export interface ProblemOptions {
  cause?: unknown
  errors?: FieldError[]
  /** Seconds after which another try makes sense. */
  retryAfter?: number
}

/** An error whose `code` and `detail` are meant for the caller. Anything else that is thrown stays inside and is logged. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly kind: ProblemKind
  /** Stable, snake_case, listed in docs/errors.md. */
  readonly code: string
  readonly errors: FieldError[] | undefined
  readonly retryAfter: number | undefined

  constructor(kind: ProblemKind, code: string, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = kind
    this.code = code
    this.errors = options.errors
    this.retryAfter = options.retryAfter
  }
}

/** A 422 about one field. */
export function invalidField(path: string, message: string): Problem {
  return new Problem('invalid', 'invalid_fields', 'Some fields are not valid.', { errors: [{ path, message }] })
}
