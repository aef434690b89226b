import { randomUUID } from 'node:crypto'
import { isUnavailable } from '#internal/db/errors'
import { Problem, type ProblemKind } from '#internal/runtime/problem'
import type { HttpResponse } from './uws.ts'

export interface Refusal {
  status: string
  code: string
  detail: string
}

const statuses: Partial<Record<ProblemKind, string>> = {
  malformed: '400 Bad Request',
  unauthenticated: '401 Unauthorized',
  forbidden: '403 Forbidden',
  not_found: '404 Not Found',
  unavailable: '503 Service Unavailable',
}

/** How to answer an upgrade that failed with `error`. PostgreSQL being away is not the client's fault; nor is anything unknown. */
export function problemOf(error: unknown): Refusal {
  if (error instanceof Problem && statuses[error.kind])
    return { status: statuses[error.kind]!, code: error.code, detail: error.message }
  if (isUnavailable(error))
    return { status: statuses.unavailable!, code: 'unavailable', detail: 'Try again in a moment.' }
  return { status: '500 Internal Server Error', code: 'internal_error', detail: 'Something went wrong.' }
}

/** Answers with a problem document and closes. */
export function refuse(response: HttpResponse, { status, code, detail }: Refusal): void {
  const number = Number(status.slice(0, 3))
  const id = randomUUID()
  response.cork(() => {
    response.writeStatus(status)
    response.writeHeader('content-type', 'application/problem+json')
    response.writeHeader('x-content-type-options', 'nosniff')
    response.writeHeader('x-request-id', id)
    if (number === 401) response.writeHeader('www-authenticate', 'Bearer')
    if (number === 426) response.writeHeader('sec-websocket-version', '13')
    if (number === 503) response.writeHeader('retry-after', '1')
    response.end(
      JSON.stringify({ type: 'about:blank', title: status.slice(4), status: number, code, detail, request_id: id }),
      true,
    )
  })
}
