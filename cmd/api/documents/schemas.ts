import { z } from 'zod'

export type JsonSchema = Record<string, unknown>

/** Turns zod schemas into JSON Schema 2020-12, which is what OpenAPI 3.1 speaks. Schemas with an id are collected as components. */
export class SchemaWriter {
  readonly components: Record<string, JsonSchema> = {}

  /** `input`: what a client sends, so that a default makes a field optional. `output`: what it gets. */
  write(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    // Inside an object also a schema with an id of its own becomes a reference.
    const whole = z.toJSONSchema(z.object({ root: schema }), { io, unrepresentable: 'any' }) as JsonSchema
    for (const [id, definition] of Object.entries((whole.$defs ?? {}) as Record<string, JsonSchema>))
      this.#add(id, tidy(definition))
    return tidy((whole.properties as { root: JsonSchema }).root)
  }

  #add(id: string, definition: JsonSchema): void {
    const before = this.components[id]
    if (before && JSON.stringify(before) !== JSON.stringify(definition))
      throw new Error(`Two schemas have the id ${id}`)
    this.components[id] = definition
  }
}

/** References into `components`, no ids, and no patterns where a format, or an integer in a path, says it all. */
function tidy(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema, function (this: JsonSchema, key, value) {
    if (key === 'id' && typeof value === 'string') return undefined
    // The format says it; its pattern is a page long.
    if (key === 'pattern' && (this.type === 'integer' || this.format !== undefined)) return undefined
    // What z.int() has by itself says nothing to a reader.
    if ((key === 'maximum' || key === 'minimum') && Math.abs(value) === Number.MAX_SAFE_INTEGER) return undefined
    if (key === '$ref') return value.replace('#/$defs/', '#/components/schemas/')
    return value
  })
  return JSON.parse(text)
}
