import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import { type Access, looksAtCredentials, type Route } from '../http/route.ts'
import { scopesFor } from '../http/scopes.ts'
import { type JsonSchema, SchemaWriter } from './schemas.ts'

/** Every answer of a documented status that is not among a route's `responses`. */
export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Stable; programs tell problems apart by it.'),
    detail: z.string(),
    request_id: z.string(),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })

export interface Operation {
  operationId: string
  summary: string
  description: string
  tags: string[]
  security?: Record<string, string[]>[]
  parameters: JsonSchema[]
  requestBody?: JsonSchema
  responses: Record<string, JsonSchema>
}

export interface OpenApi {
  openapi: string
  info: { title: string; version: string; description: string }
  security: Record<string, string[]>[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, JsonSchema> }
}

const whoMayCall: Record<Access, string> = {
  public: 'Needs no credentials.',
  account: 'For every account.',
  session: 'For every account, by a session: not by an API key.',
  dispatcher: 'For dispatchers and admins.',
  admin: 'For admins.',
  inbox: "For the object's own inbox token, dispatchers and admins.",
}

/** The OpenAPI 3.1 document of these routes, from the schemas that validate. */
export function buildOpenApi(routes: readonly Route[]): OpenApi {
  const writer = new SchemaWriter()
  const problem = { 'application/problem+json': { schema: writer.write(problemSchema, 'output') } }
  const paths: OpenApi['paths'] = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] ??= {}
    ;(paths[path] as Record<string, Operation>)[route.method] = operation(route, writer, problem)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Belfry',
      version: '1',
      description: 'Messaging and alerting. Errors are problems (RFC 9457) with a stable `code`.',
    },
    security: [{ bearer: [] }, { jwt: [] }],
    paths,
    components: {
      schemas: writer.components,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A session token, an API key, an access JWT, or an inbox token.',
        },
        jwt: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`JWT <access token>`' },
      },
    },
  }
}

function operation(route: Route, writer: SchemaWriter, problem: JsonSchema): Operation {
  const responses: Operation['responses'] = {}
  for (const [status, schema] of Object.entries(route.responses)) {
    const type = route.media?.split(';')[0] ?? 'application/json'
    const content = schema && { content: { [type]: { schema: writer.write(schema, 'output') } } }
    responses[status] = { description: STATUS_CODES[status] ?? '', ...content }
  }
  for (const status of problemStatuses(route))
    responses[status] ??= { description: STATUS_CODES[status] ?? '', content: problem }
  return {
    operationId: operationId(route),
    summary: route.summary,
    description: description(route),
    tags: [route.tag],
    ...(route.access === 'public' ? { security: [] } : {}),
    parameters: parameters(route, writer),
    ...(route.body
      ? {
          requestBody: {
            required: !route.body.safeParse(undefined).success,
            content: { 'application/json': { schema: writer.write(route.body, 'input') } },
          },
        }
      : {}),
    ...(route.upload ? { requestBody: { required: true, content: fileOf(route.upload.types) } } : {}),
    responses,
  }
}

const fileOf = (types: readonly string[]) =>
  Object.fromEntries(types.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]))

function description(route: Route): string {
  const who = whoMayCall[route.access]
  return takesApiKey(route) ? `${who} An API key needs the scope ${scopesFor(route).join(' or ')}.` : who
}

const takesApiKey = (route: Route) => route.access !== 'session' && looksAtCredentials(route)

/** Every status that the document has for this route. */
export const documentedStatuses = (route: Route): number[] => [
  ...Object.keys(route.responses).map(Number),
  ...problemStatuses(route),
]

/** Problems that follow from what the route is, and those that it names itself. */
function problemStatuses(route: Route): number[] {
  const statuses = new Set([...(route.problems ?? []), 429, 503])
  // Only what a client can write wrong can be malformed.
  if (route.body || route.upload || route.query || route.path.includes(':')) statuses.add(400)
  if (route.access !== 'public' || route.credentials) statuses.add(401)
  if (route.access !== 'public') statuses.add(403)
  if (route.body || route.upload) for (const status of [413, 415, 422]) statuses.add(status)
  if (route.query) statuses.add(422)
  if (takesIdempotencyKey(route)) statuses.add(409).add(422)
  return [...statuses].sort((a, b) => a - b)
}

const takesIdempotencyKey = (route: Route) =>
  route.method === 'post' && !route.secret && (route.access !== 'public' || route.credentials !== undefined)

function parameters(route: Route, writer: SchemaWriter): JsonSchema[] {
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name as string)
  const known = properties(route.params, writer)
  const list: JsonSchema[] = inPath.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: known.properties[name] ?? { type: 'string' },
  }))
  const query = properties(route.query, writer)
  for (const [name, schema] of Object.entries(query.properties))
    list.push({ name, in: 'query', required: query.required.includes(name), schema })
  if (takesIdempotencyKey(route))
    list.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description: 'The same key, path and body within 24 hours answers the first success again.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    })
  return list
}

function properties(schema: z.ZodType | undefined, writer: SchemaWriter) {
  const written = schema ? writer.write(schema, 'input') : {}
  return {
    properties: (written.properties ?? {}) as Record<string, JsonSchema>,
    required: (written.required ?? []) as string[],
  }
}

/** e.g. get_api_v1_accounts_username */
function operationId({ method, path }: Route): string {
  return `${method}${path.replace(/[/:.-]+/g, '_')}`
}
