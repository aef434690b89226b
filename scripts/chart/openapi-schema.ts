type Node = { [keyword: string]: unknown }
export type Definitions = Readonly<Record<string, Node>>

interface GroupVersionKind {
  group: string
  version: string
  kind: string
}

const keywords = [
  'type',
  'enum',
  'required',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
  'uniqueItems',
]

/**
 * JSON schemas of all kinds in Kubernetes' OpenAPI document, by the name that kubeconform gives them: kind, group and version. They are
 * strict: a field that is not there is refused; null counts as not set, as for the API server.
 */
export function* standaloneSchemas(definitions: Definitions): Generator<[string, Node]> {
  for (const [name, node] of Object.entries(definitions)) {
    const kinds = (node['x-kubernetes-group-version-kind'] ?? []) as GroupVersionKind[]
    // Those with several are options of requests.
    if (kinds.length !== 1) continue
    const { group, version, kind } = kinds[0]!
    const own = converted(name, node) as Node & { properties?: Node }
    const apiVersion = group ? `${group}/${version}` : version
    const properties = { ...own.properties, kind: { enum: [kind] }, apiVersion: { enum: [apiVersion] } }
    const fileName = [kind, group.split('.')[0], version].filter(Boolean).join('-').toLowerCase()
    yield [fileName, { ...own, properties, definitions: reachable(definitions, node) }]
  }
}

/** What a definition refers to, directly or not, converted. */
function reachable(definitions: Definitions, from: Node): Node {
  const found: Node = {}
  const waiting = referencesOf(from)
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found[name]) continue
    found[name] = orNull(converted(name, definitions[name]!))
    waiting.push(...referencesOf(definitions[name]!))
  }
  return found
}

const referencesOf = (node: Node): string[] =>
  [...JSON.stringify(node).matchAll(/"#\/definitions\/([^"]+)"/g)].map(([, name]) => name!)

function converted(name: string, node: Node): Node {
  // The document calls both texts.
  if (name.endsWith('.Quantity')) return { type: ['string', 'number'] }
  if (name.endsWith('.IntOrString')) return { type: ['string', 'integer'] }
  return convert(node)
}

function convert(node: Node): Node {
  if (typeof node.$ref === 'string') return { $ref: node.$ref }
  if (node.format === 'int-or-string') return { type: ['string', 'integer'] }
  const result: Node = Object.fromEntries(keywords.filter((key) => key in node).map((key) => [key, node[key]]))
  if (node.properties) {
    const required = (node.required ?? []) as string[]
    result.properties = Object.fromEntries(
      Object.entries(node.properties as Record<string, Node>).map(([key, value]) => {
        const inner = convert(value)
        return [key, required.includes(key) ? inner : orNull(inner)]
      }),
    )
    result.additionalProperties = false
  }
  if (typeof node.additionalProperties === 'object')
    result.additionalProperties = orNull(convert(node.additionalProperties as Node))
  if (node.items) result.items = convert(node.items as Node)
  return result
}

function orNull(node: Node): Node {
  if (typeof node.type === 'string') return { ...node, type: [node.type, 'null'] }
  return Array.isArray(node.type) ? { ...node, type: [...node.type, 'null'] } : node
}
