import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { load, loadAll } from 'js-yaml'
import { directory } from './generated.ts'
import type { Group } from './rules/index.ts'
import { defaults, fillIn } from './rules/thresholds.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** What the rule tests are written for. */
const release = { NAMESPACE: 'belfry', RUNBOOKS: 'https://runbooks.example.com' }

interface Resource {
  kind?: string
  spec?: { groups?: Group[] }
}

/** The groups of every PrometheusRule among the manifests that `helm template` printed. @throws when there is none. */
export function groupsOfManifests(text: string): Group[] {
  const resources = loadAll(text) as (Resource | null)[]
  const groups = resources.flatMap((one) => (one?.kind === 'PrometheusRule' ? (one.spec?.groups ?? []) : []))
  if (groups.length === 0) throw new Error('there is no PrometheusRule with groups among the manifests')
  return groups
}

/** The groups of the chart's files with every threshold at its default. */
export function groupsOfFiles(): Group[] {
  const folder = path.join(root, directory, 'rules')
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  return files.flatMap((file) => {
    const text = fillIn(readFileSync(path.join(folder, file), 'utf8'), { ...release, ...defaults })
    return (load(text) as { groups: Group[] }).groups
  })
}
