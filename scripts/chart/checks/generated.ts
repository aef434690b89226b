import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { generated } from '../generated.ts'
import { containersOf, podsOf } from '../pods.ts'
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

/** README.md and Chart.yaml name every image, for those who copy them to a registry of their own. */
export const images: Check = async ({ rendered }) => {
  const { result } = rendered.find(({ values }) => values.name === 'default')!
  const used = new Set(podsOf(result.objects).flatMap((pod) => containersOf(pod).map(({ image }) => image)))
  const problems: string[] = []
  for (const name of ['README.md', 'Chart.yaml']) {
    const text = await readFile(path.join(chart, name), 'utf8')
    for (const image of used) if (!text.includes(image)) problems.push(`${name} does not name ${image}`)
  }
  return problems
}
