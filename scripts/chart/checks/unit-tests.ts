import { readdirSync } from 'node:fs'
import path from 'node:path'
import { chart } from '../render.ts'
import { run } from '../run.ts'
import type { Check } from './check.ts'

/** charts/belfry/tests/*_test.yaml. */
export const unitTests: Check = async ({ tools }) => {
  const { code, stdout, stderr } = await run(tools['helm-unittest'], ['--strict', '--file', 'tests/*_test.yaml', chart])
  if (code !== 0) return [(stdout + stderr).trim()]
  const suites = readdirSync(path.join(chart, 'tests')).filter((name) => name.endsWith('_test.yaml')).length
  // A pattern that matches nothing would pass as well.
  return new RegExp(`Test Suites: +${suites} passed, ${suites} total`).test(stdout)
    ? []
    : [`not all of ${suites} suites ran:\n${stdout}`]
}
