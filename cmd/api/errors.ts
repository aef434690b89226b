import { STATUS_CODES } from 'node:http'
import { isUnavailable } from '#internal/db/errors'
import { type FieldError, Problem, type ProblemKind } from '#internal/runtime/problem'
import type { Logger } from '#internal/telemetry/log'
import type { Answer } from './http/route.ts'

export const statusOf: Record<ProblemKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  invalid: 422,
  too_many: 429,
  unavailable: 503,
}

export interface ProblemBody {
  type: string
  title: string
  status: number
  code: string
  detail: string
  request_id: string
  errors?: FieldError[]
}

interface ProblemAnswer {
  status: number
  code: string
  detail: string
  errors?: FieldError[] | undefined
  headers?: Record<string, string>
}

/** Values that PostgreSQL refuses: out of range, malformed, not encodable. Validation should have seen them first. */
const badValues = new Set(['22003', '22P02', '22021'])

/** The answer to anything that was thrown. What is not meant for the caller is logged, and answered with the request id alone. */
export function answerError(error: unknown, requestId: string, logger: Logger): Answer {
  if (error instanceof Problem) return problemAnswer(fromProblem(error), requestId)
  if (isUnavailable(error)) {
    // The background loops say it once; a line per request would bury everything else.
    logger.debug({ error, request_id: requestId }, 'PostgreSQL is not available')
    const detail = 'The service cannot reach its database right now. Try again.'
    return problemAnswer({ status: 503, code: 'unavailable', detail, headers: { 'retry-after': '1' } }, requestId)
  }
  if (badValues.has((error as { code?: string }).code ?? '')) {
    logger.warn({ error, request_id: requestId }, 'PostgreSQL refused a value that validation let pass: this is a bug')
    return problemAnswer(
      { status: 422, code: 'invalid_fields', detail: 'A value is not valid.', errors: [] },
      requestId,
    )
  }
  logger.error({ error, request_id: requestId }, 'request failed')
  const detail = 'Something went wrong. The log has more under the request id.'
  return problemAnswer({ status: 500, code: 'internal_error', detail }, requestId)
}

function fromProblem(problem: Problem): ProblemAnswer {
  const headers: Record<string, string> = {}
  if (problem.retryAfter !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(problem.retryAfter)))
  if (problem.kind === 'unauthenticated') headers['www-authenticate'] = 'Bearer'
  const { code, message, errors } = problem
  return { status: statusOf[problem.kind], code, detail: message, errors, headers }
}

/** RFC 9457. The type is about:blank: `code` is what tells problems apart. */
export function problemAnswer(problem: ProblemAnswer, requestId: string): Answer {
  const { status, code, detail, errors, headers } = problem
  const body: ProblemBody = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    request_id: requestId,
    ...(errors ? { errors } : {}),
  }
  return { status, body, headers: { ...headers, 'content-type': 'application/problem+json' } }
}
