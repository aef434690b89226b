import { z } from 'zod'
import { packageVersion } from '#internal/runtime/package'
import type { ApiDeps } from '../deps.ts'
import { type Route, route } from '../http/route.ts'

const aboutSchema = z
  .strictObject({
    registration: z.enum(['open', 'closed']).describe('Whether anybody may register an account.'),
    password_min_length: z.int().describe('Characters.'),
    version: z.string().optional().describe('Only for admins.'),
    grafana_url: z.url().nullable().optional().describe('Where the dashboards are. Only for admins.'),
  })
  .meta({ id: 'About' })

/** What a user interface needs to know before it asks for anything. */
export function aboutRoutes({ config }: Pick<ApiDeps, 'config'>): Route[] {
  const all = { registration: config.REGISTRATION, password_min_length: config.PASSWORD_MIN_LENGTH }
  const admins = { version: packageVersion(), grafana_url: config.GRAFANA_URL ?? null }
  return [
    route({
      method: 'get',
      path: '/api/v1/about',
      summary: 'How this installation is set up.',
      tag: 'documents',
      access: 'public',
      credentials: 'optional',
      responses: { 200: aboutSchema },
      problems: [403],
      async handler({ principal }) {
        const isAdmin = principal?.kind === 'account' && principal.account.role === 'admin'
        return { status: 200, body: isAdmin ? { ...all, ...admins } : all }
      },
    }),
  ]
}
