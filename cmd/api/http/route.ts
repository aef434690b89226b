import type { z } from 'zod'
import type { Db } from '#internal/db/pool'
import type { Principal } from './principal.ts'
import type { Upload } from './upload.ts'

/**
 * Who may call: `public` needs no credentials; `account` any account; `session` any account by a session, not by an API key, for
 * what manages credentials; `dispatcher` dispatchers and admins; `admin`; `inbox` the object's own token or a dispatcher (the handler
 * checks which object). An API key also needs the scope of the route, see scopes.ts.
 */
export type Access = 'public' | 'account' | 'session' | 'dispatcher' | 'admin' | 'inbox'

/** What a handler gets. It knows nothing of Koa. */
export interface Call<P, Q, B, U = undefined> {
  params: P
  query: Q
  body: B
  /** What the route's `upload` made of the body. */
  upload: U
  /** Undefined on `public` routes without valid credentials; set on all others. */
  principal: Principal | undefined
  /** The pool, or the transaction that also stores the answer when the client sent an Idempotency-Key: run every write on it. */
  db: Db
  request: {
    id: string
    address: string
    userAgent: string | undefined
    /** GET, HEAD, ... */
    method: string
    ifNoneMatch: string | undefined
    /** Calls back when the answer is out or the client has gone. */
    onGone: (listener: () => void) => void
  }
}

export interface Answer {
  status: number
  /** JSON object or array; text or a stream where the route has a `media`; undefined for no content. */
  body?: unknown
  headers?: Record<string, string>
}

/** One operation: what it takes, who may call it, what it may answer. The OpenAPI document is made from the same objects. */
export interface Route<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  U = unknown,
> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** With @koa/router parameters, e.g. /api/v1/objects/:id */
  path: string
  summary: string
  tag: string
  access: Access
  params?: P
  query?: Q
  body?: B
  /** Instead of `body`: a file as it is. */
  upload?: Upload<z.output<P>, U>
  /** Schema of the body by success status; undefined for no content. */
  responses: Record<number, z.ZodType | undefined>
  /** Problem statuses beyond those that follow from access and schemas (400, 401, 403, 413, 415, 422, 429, 503), e.g. 404, 409. */
  problems?: number[]
  /** True where the answer holds a secret: Idempotency-Key is ignored there. */
  secret?: boolean
  /** On a `public` route: credentials are looked at when they are sent, and bad ones refused. */
  credentials?: 'optional'
  /** Media type of the answer where it is not JSON; its body, text or a stream, is then sent as it is. */
  media?: string
  handler(call: Call<z.output<P>, z.output<Q>, z.output<B>, U>): Promise<Answer>
}

/** Keeps the types of one route's schemas together; the list of routes is of plain `Route`. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, U = undefined>(
  definition: Route<P, Q, B, U>,
): Route {
  return definition as unknown as Route
}

/** Whether who sends the request matters to this route; elsewhere credentials are neither needed nor refused. */
export const looksAtCredentials = ({ access, credentials }: Pick<Route, 'access' | 'credentials'>): boolean =>
  access !== 'public' || credentials === 'optional'
