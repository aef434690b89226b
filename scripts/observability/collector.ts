import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { toolsDirectory } from '#internal/testing/cache'

const source = path.join(import.meta.dirname, 'collector')

/** Path of the collector. Go builds it once, within some minutes, and keeps it in the cache. @throws when Go cannot */
export async function buildCollector(go: string): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(path.join(source, file)))
  const file = path.join(toolsDirectory, `otel-collector-${hash.digest('hex').slice(0, 12)}`)
  if (existsSync(file)) return file
  mkdirSync(toolsDirectory, { recursive: true })
  // Appears as a whole or not at all.
  const part = `${file}.${process.pid}`
  const env = { ...process.env, CGO_ENABLED: '0' }
  await promisify(execFile)(go, ['build', '-trimpath', '-ldflags=-s -w', '-o', part, '.'], { cwd: source, env })
  renameSync(part, file)
  return file
}

/** A span as the collector printed it. */
export interface Span {
  service: string
  traceId: string
  id: string
  /** '' of a root. */
  parentId: string
  name: string
  kind: string
  /** Ids of the traces that it is linked to. */
  links: string[]
}

/** The spans in the detailed output of the collector's debug exporter. */
export function spansIn(output: string): Span[] {
  return output
    .split(/^ResourceSpans #\d+$/m)
    .slice(1)
    .flatMap((resource) => {
      const service = /-> service\.name: Str\((.*)\)/.exec(resource)?.[1] ?? ''
      return resource
        .split(/^Span #\d+$/m)
        .slice(1)
        .map((text) => {
          const [own = '', links = ''] = text.split(/^Links:$/m)
          const field = (name: string) => new RegExp(`^ +${name} +: (.*)$`, 'm').exec(own)?.[1]?.trim() ?? ''
          return {
            service,
            traceId: field('Trace ID'),
            id: field('ID'),
            parentId: field('Parent ID'),
            name: field('Name'),
            kind: field('Kind'),
            links: [...links.matchAll(/-> Trace ID: ([0-9a-f]+)/g)].map(([, id]) => id!),
          }
        })
    })
}
