import { load } from 'js-yaml'

export type Schema = { [keyword: string]: unknown }

/** Values that are objects of Kubernetes' own, which the API server checks: whatever is in their default says nothing of what may be. */
const kubernetesOwn = new Set([
  'additionalLabels',
  'affinity',
  'annotations',
  'behavior',
  'liveness',
  'metrics',
  'nodeSelector',
  'podAnnotations',
  'podLabels',
  'podSecurityContext',
  'readiness',
  'resources',
  'securityContext',
  'spec',
  'startup',
  'strategy',
  'timeouts',
  'webSocketTimeouts',
])

/**
 * The JSON schema of a chart's values, from the text of its values.yaml: the types are those of the defaults, and a comment line
 * `# @schema keyword: value` adds a keyword to the value below it, `# -- text` its description. A map is closed: a key that has no default is refused, and one that
 * has cannot be taken out.
 */
export function schemaOf(valuesYaml: string): Schema {
  const schema = of(load(valuesYaml), [], commentsOf(valuesYaml))
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the chart belfry',
    ...schema,
  }
}

function of(value: unknown, path: string[], comments: ReadonlyMap<string, Schema>): Schema {
  const said = comments.get(path.join('.')) ?? {}
  const own = kubernetesOwn.has(path.at(-1) ?? '')
  if (value === null) {
    if (said.type === undefined) throw new Error(`${path.join('.')} is null: it needs a comment @schema type`)
    return said
  }
  if (Array.isArray(value)) {
    if (!own && said.items === undefined) throw new Error(`${path.join('.')} needs a comment @schema items`)
    return { type: 'array', ...said }
  }
  if (typeof value !== 'object') return { type: typeOf(value), ...said }
  const keys = Object.keys(value)
  if (own || said.additionalProperties !== undefined) return { type: 'object', ...said }
  if (keys.length === 0) throw new Error(`${path.join('.')} is empty: it needs a comment @schema additionalProperties`)
  const properties = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, of(inner, [...path, key], comments)]),
  )
  // Of other charts, when this one is a part of another.
  if (path.length === 0) properties.global = { ...properties.global, additionalProperties: true }
  const required = keys.filter((key) => (value as Schema)[key] !== null && !kubernetesOwn.has(key))
  return { type: 'object', additionalProperties: false, required, properties, ...said }
}

function typeOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

/** Keywords of the comments `# @schema`, by the path of the value that they stand above. Values are block style, two spaces a level. */
function commentsOf(valuesYaml: string): Map<string, Schema> {
  const found = new Map<string, Schema>()
  const path: string[] = []
  let waiting: Schema = {}
  for (const line of valuesYaml.split('\n')) {
    const comment = /^ *# @schema (.*)$/.exec(line)
    if (comment) Object.assign(waiting, load(comment[1]!))
    const description = /^ *# -- (?:\(\w+\) )?(.*)$/.exec(line)
    if (description) waiting.description = description[1]
    const key = /^( *)([\w-]+):/.exec(line)
    if (!key) continue
    path.splice(key[1]!.length / 2, path.length, key[2]!)
    if (Object.keys(waiting).length > 0) found.set(path.join('.'), waiting)
    waiting = {}
  }
  return found
}
