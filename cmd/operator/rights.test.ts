import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { chartRules } from './testing.ts'

describe('the rights of the operator', () => {
  it('are those of the documentation', () => {
    const text = readFileSync(path.resolve(import.meta.dirname, '../../docs/operator.md'), 'utf8')
    const rows = [...text.matchAll(/^\| `(\S+\.\S+|batch)`\s+\| `(\S+)`\s+\| (.*?)\s*\|$/gm)]
    const written = rows.map(([, group, resource, verbs]) => [group, resource, verbsIn(verbs!)])
    const given = Map.groupBy(
      chartRules('operator.yaml', 'x'),
      ({ apiGroups, resources }) => `${apiGroups} ${resources}`,
    )
    assert.deepEqual(
      written,
      [...given].map(([what, rules]) => [...what.split(' '), rules.flatMap(({ verbs }) => verbs)]),
    )
  })
})

const verbsIn = (text: string) => text.match(/\b(get|list|watch|create|update|patch|delete)\b/g)
