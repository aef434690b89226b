import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { generated } from '../generated.ts'
import { chart } from '../render.ts'
import type { Check } from './check.ts'

/** values.schema.json and README.md are what values.yaml makes them. */
export const upToDate: Check = async ({ tools }) => {
  const problems: string[] = []
  for (const [name, text] of await generated(tools['helm-docs'])) {
    const there = await readFile(path.join(chart, name), 'utf8').catch(() => '')
    if (there !== text) problems.push(`${name} is not up to date: run \`npm run generate:chart\``)
  }
  return problems
}
