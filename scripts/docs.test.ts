import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { apiSettings } from '#cmd/api/config'
import { operatorSettings } from '#cmd/operator/config'
import { pushSettings } from '#cmd/push/config'
import { raiseSettings, processSettings as schedulerSettings } from '#cmd/scheduler/config'
import { workerSettings } from '#cmd/worker/config'
import { settings } from '#internal/config/settings'
import { eventNames } from '#internal/events/event'
import { baseSettings } from '#internal/platform/base'
import { logSettings } from '#internal/platform/log'
import { platformSettings } from '#internal/platform/start'
import { createMetrics } from '#internal/telemetry/metrics'
import { readDocument, root } from './tour/markdown.ts'

const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...['docs', 'docs/runbooks'].flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((file) => file.endsWith('.md'))
      .map((file) => `${folder}/${file}`),
  ),
]

/** Rows of all tables of a document: the cells as they are written. */
const rowsOf = (file: string) =>
  readDocument(file)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )

/** What the product's own code says between two quotes where `pattern` has its group, by the first file that says it. */
function inCode(pattern: RegExp): Map<string, string> {
  const found = new Map<string, string>()
  for (const top of ['cmd', 'internal']) {
    for (const name of readdirSync(path.join(root, top), { recursive: true, encoding: 'utf8' })) {
      const file = path.join(top, name)
      if (!/\.ts$/.test(file) || /\.test\.ts$|testing/.test(file)) continue
      const text = readFileSync(path.join(root, file), 'utf8')
      for (const match of text.matchAll(pattern)) if (!found.has(match[1]!)) found.set(match[1]!, file)
    }
  }
  return found
}

describe('docs', () => {
  it('configuration.md has every setting with its default, and no other', () => {
    const rows = rowsOf('docs/configuration.md').filter(([name]) => name!.startsWith('`BELFRY_'))
    const defaults = Object.entries(settings).map(([name, { schema }]) => {
      const { success, data } = schema.safeParse(undefined)
      return [`\`BELFRY_${name}\``, success ? String(data ?? 'none') : 'none']
    })
    const written = rows.map(([name, value]) => [name, value!.split(';')[0]])
    assert.deepEqual(new Map(written as [string, string][]), new Map(defaults as [string, string][]))
    assert.equal(rows.length, defaults.length)
  })

  it('configuration.md says which process reads a setting', () => {
    const readers = {
      api: [...platformSettings, ...apiSettings, 'PORT'],
      push: [...platformSettings, ...logSettings, ...pushSettings],
      worker: [...platformSettings, ...logSettings, ...workerSettings],
      scheduler: [...schedulerSettings, ...raiseSettings],
      operator: [...baseSettings, ...operatorSettings],
    }
    for (const [name, , by] of rowsOf('docs/configuration.md').filter(([cell]) => cell!.startsWith('`BELFRY_'))) {
      const setting = name!.slice('`BELFRY_'.length, -1)
      const due = Object.entries(readers).flatMap(([role, names]) =>
        (names as readonly string[]).includes(setting) ? [role] : [],
      )
      const written =
        by === 'every process' ? Object.keys(readers) : by!.split(', ').filter((role) => !['all', 'cli'].includes(role))
      assert.deepEqual(written, due, name)
    }
  })

  it('operations.md has every metric of the product, and no other', async () => {
    const own = (await createMetrics('test').registry.getMetricsAsJSON())
      .map(({ name }) => name)
      .filter((name) => !/^(nodejs|process)_/.test(name))
    const written = rowsOf('docs/operations.md').flatMap(([cell]) => /^`((?:http|belfry)_\w+)`$/.exec(cell!)?.[1] ?? [])
    assert.deepEqual(written.toSorted(), own.toSorted())
  })

  it('errors.md has every code that the product answers with, and no other', () => {
    const codes = new Map([
      ...inCode(/new Problem\(\s*'\w+',\s*'(\w+)'/g),
      ...inCode(/\bcode: '([a-z]+_?[a-z_]+)'/g),
      ...inCode(/\bproblem\(\s*'(\w+)'/g),
    ])
    assert.ok(codes.size > 20, 'the code was read')
    const text = readDocument('docs/errors.md')
    for (const [code, file] of codes) assert.ok(text.includes(`\`${code}\``), `${code}, of ${file}`)
    const written = rowsOf('docs/errors.md').flatMap(([first, second]) =>
      [first, second].flatMap((cell) => /^`([a-z_]+)`$/.exec(cell ?? '')?.[1] ?? []),
    )
    for (const code of written) assert.ok(codes.has(code), `nothing answers with ${code}`)
  })

  it('stream.md has every close code and every event', () => {
    const text = readDocument('docs/stream.md')
    const closing = readFileSync(path.join(root, 'cmd/push/close.ts'), 'utf8').matchAll(/: (\d{4}),/g)
    for (const [, code] of closing) assert.match(text, new RegExp(`^\\| ${code} `, 'm'))
    for (const event of eventNames) assert.ok(text.includes(`\`${event}\``), event)
  })

  it('links lead to files and headings that exist', () => {
    const slug = (heading: string) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-')
    for (const file of documents) {
      for (const [, target] of readDocument(file).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target!)) continue
        const [to, anchor] = target!.split('#')
        const linked = to ? path.join(path.dirname(file), to) : file
        assert.ok(existsSync(path.join(root, linked)), `${file} links to ${target}`)
        const headings = [...readFileSync(path.join(root, linked), 'utf8').matchAll(/^#+ (.+)$/gm)]
        if (anchor) assert.ok(headings.map(([, text]) => slug(text!)).includes(anchor), `${file} links to ${target}`)
      }
    }
  })
})
