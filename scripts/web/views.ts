import path from 'node:path'
import { compile } from 'json-schema-to-typescript'
import { buildOpenApi, type OpenApi } from '#cmd/api/documents/openapi'
import { testConfig } from '#cmd/api/http/testing'
import { startApi } from '#cmd/api/start'
import { createPool } from '#internal/db/pool'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'

/** The file that has them. */
export const viewsFile = path.resolve(import.meta.dirname, '../../cmd/web/api/views.ts')

const header = '// Made from the OpenAPI document by `npm run generate:web`; do not edit.\n'

const options = {
  declareExternallyReferenced: false,
  additionalProperties: false,
  ignoreMinAndMaxItems: true,
  bannerComment: '',
  style: { singleQuote: true, semi: false, printWidth: 120, bracketSpacing: true, trailingComma: 'all' },
} as const

/** TypeScript: an exported interface for each schema of the OpenAPI document, by the schema's name. */
export async function views(): Promise<string> {
  const schemas = await schemasOfApi()
  const $defs = JSON.parse(JSON.stringify(schemas).replaceAll('#/components/schemas/', '#/$defs/'))
  const interfaces: string[] = [header]
  for (const name of Object.keys(schemas)) interfaces.push(await compile({ ...$defs[name], $defs }, name, options))
  return interfaces.join('\n').replaceAll(/\/\*\*\n\s*\* (.*)\n\s*\*\//g, '/** $1 */')
}

async function schemasOfApi(): Promise<OpenApi['components']['schemas']> {
  // The routes need no database, and a pool connects only when it is asked something.
  const db = createPool({ url: 'postgres://belfry@127.0.0.1:1/none', max: 1, name: 'views' })
  const { routes } = startApi({ db, logger: silentLog, metrics: createMetrics('api') }, testConfig)
  await db.destroy()
  return buildOpenApi(routes).components.schemas
}
