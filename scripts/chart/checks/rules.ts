import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { checkRules } from '../../observability/rule-check.ts'
import type { Group } from '../../observability/rules/index.ts'
import { chart } from '../render.ts'
import type { Check, Context } from './check.ts'

/** The rules as the chart installs them are right and do what `scripts/observability/rule-tests` say. */
export const ruleTests: Check = async (context) => {
  const wrong = checkRules(context.tools.promtool, groupsOf(context))
  return wrong ? [wrong] : []
}

function groupsOf({ rendered }: Context): Group[] {
  const { result } = rendered.find(({ values }) => values.name === 'monitoring')!
  const rules = result.objects.filter(({ kind }) => kind === 'PrometheusRule')
  return rules.flatMap(({ spec }) => spec!.groups as Group[])
}

/** The thresholds of values.yaml are those that the rules have, with the same defaults. */
export const thresholds: Check = async () => {
  const readme = await readFile(path.join(chart, 'files/rules/README.md'), 'utf8')
  const values = await readFile(path.join(chart, 'values.yaml'), 'utf8')
  const block = /^ {2}thresholds:\n((?: {4}.*\n)+)/m.exec(values)![1]!
  const ours = new Map([...block.matchAll(/^ {4}(\w+): (.*)$/gm)].map(([, name, value]) => [name!, value!]))
  const rows = [...readme.matchAll(/^\| `(\w+)` *\| `([^`]*)` *\|/gm)].map(
    ([, name, value]) => [name!, value!] as const,
  )
  // The chart works it out.
  const theirs = new Map(rows.map(([name, value]) => [name, name === 'jobsIgnored' ? '""' : value]))
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((name) => ours.get(name) !== theirs.get(name))
    .map((name) => `${name} is ${ours.get(name)} in values.yaml and ${theirs.get(name)} in files/rules/README.md`)
}
