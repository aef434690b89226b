type Node = { [keyword: string]: unknown }

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
  'minProperties',
  'maxProperties',
  'multipleOf',
] as const

/** A strict JSON schema of the openAPIV3Schema of a CRD: a field that is not there is refused. CEL rules are the API server's to check. */
export function customSchema(schema: Node): Node {
  const top = convert(schema, false)
  // Kubernetes' own, and any.
  const properties = { ...(top.properties as Node), metadata: { type: 'object' } }
  return { ...top, properties }
}

function convert(node: Node, isCombined: boolean): Node {
  const result: Node = Object.fromEntries(keywords.filter((key) => key in node).map((key) => [key, node[key]]))
  if (node['x-kubernetes-int-or-string']) result.type = ['string', 'integer']
  for (const key of ['allOf', 'anyOf', 'oneOf']) {
    if (node[key]) result[key] = (node[key] as Node[]).map((inner) => convert(inner, true))
  }
  if (node.not) result.not = convert(node.not as Node, true)
  if (node.properties) {
    const entries = Object.entries(node.properties as Record<string, Node>)
    result.properties = Object.fromEntries(entries.map(([key, inner]) => [key, convert(inner, isCombined)]))
    // What stands in allOf and the like speaks of some fields only.
    const isOpen = isCombined || node['x-kubernetes-preserve-unknown-fields'] === true
    if (!isOpen && node.additionalProperties === undefined) result.additionalProperties = false
  }
  const more = node.additionalProperties
  if (more !== undefined)
    result.additionalProperties = typeof more === 'object' ? convert(more as Node, isCombined) : more
  if (node.items) result.items = convert(node.items as Node, isCombined)
  if (node.nullable && typeof result.type === 'string') result.type = [result.type, 'null']
  return result
}
