import { createHash } from 'node:crypto'
import type { OpenApi, Operation } from './openapi.ts'
import type { JsonSchema } from './schemas.ts'

const style = `
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem }
code, pre { font: 14px/1.4 ui-monospace, monospace }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #8886; border-radius: .4rem }
details { border-top: 1px solid #8886; padding: .4rem 0 }
summary { cursor: pointer }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700 }
table { border-collapse: collapse } td, th { text-align: left; padding: .2rem 1rem .2rem 0; vertical-align: top }
`

/** Allows the page's own style and nothing else: no script, no other host. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; frame-ancestors 'none'`

/** The document for people: every operation and every schema on one static page. */
export function buildPage(document: OpenApi): string {
  const byTag = new Map<string, string[]>()
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags[0] ?? ''
      byTag.set(tag, [...(byTag.get(tag) ?? []), section(method, path, operation)])
    }
  const tags = [...byTag].map(
    ([tag, sections]) => `<h2 id="${escapeHtml(tag)}">${escapeHtml(tag)}</h2>\n${sections.join('\n')}`,
  )
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) =>
      `<details id="schema-${escapeHtml(name)}"><summary><code>${escapeHtml(name)}</code></summary>${json(schema)}</details>`,
  )
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(document.info.title)} API</title>
<style>${style}</style></head>
<body>
<h1>${escapeHtml(document.info.title)} API</h1>
<p>${escapeHtml(document.info.description)} For machines: <a href="openapi.json">openapi.json</a>.</p>
<p>Credentials: <code>Authorization: Bearer &lt;token&gt;</code>.</p>
${tags.join('\n')}
<h2 id="schemas">Schemas</h2>
${schemas.join('\n')}
</body>
</html>
`
}

function section(method: string, path: string, operation: Operation): string {
  const rows = operation.parameters.map(
    ({ name, in: where, schema }) =>
      `<tr><td><code>${escapeHtml(String(name))}</code></td><td>${escapeHtml(String(where))}</td><td>${inline(schema as JsonSchema)}</td></tr>`,
  )
  const answers = Object.entries(operation.responses).map(
    ([status, response]) =>
      `<tr><td>${status}</td><td>${escapeHtml(String(response.description))}</td><td>${inline(schemaOf(response))}</td></tr>`,
  )
  return `<details id="${escapeHtml(operation.operationId)}">
<summary><span class="method">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code> ${escapeHtml(operation.summary)}</summary>
<p>${escapeHtml(operation.description)}</p>
${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}
${operation.requestBody ? `<p>Body:</p>${json(schemaOf(operation.requestBody))}` : ''}
<table>${answers.join('')}</table>
</details>`
}

function schemaOf({ content }: JsonSchema): JsonSchema | undefined {
  const [first] = Object.values((content ?? {}) as Record<string, { schema: JsonSchema }>)
  return first?.schema
}

const inline = (schema: JsonSchema | undefined) => (schema ? `<code>${escapeHtml(JSON.stringify(schema))}</code>` : '')
const json = (schema: JsonSchema | undefined) => `<pre>${escapeHtml(JSON.stringify(schema, null, 2))}</pre>`

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (character) => entities[character] as string)
