import { z } from 'zod'
import { type Route, route } from '../http/route.ts'
import { buildOpenApi } from './openapi.ts'
import { buildPage, pagePolicy } from './page.ts'

const tag = 'documents'

/** The documents about these routes and themselves, built once. */
export function documentRoutes(others: readonly Route[]): Route[] {
  const routes = [
    route({
      method: 'get',
      path: '/api/v1/openapi.json',
      summary: 'The OpenAPI 3.1 document.',
      tag,
      access: 'public',
      responses: { 200: z.looseObject({ openapi: z.string() }) },
      handler: async () => ({ status: 200, body: document }),
    }),
    route({
      method: 'get',
      path: '/api/v1/docs',
      summary: 'The same for people.',
      tag,
      access: 'public',
      responses: { 200: z.string() },
      media: 'text/html; charset=utf-8',
      handler: async () => ({ status: 200, body: page, headers: { 'content-security-policy': pagePolicy } }),
    }),
  ]
  const document = buildOpenApi([...others, ...routes])
  const page = buildPage(document)
  return routes
}
