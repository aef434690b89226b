import { skipOrFail } from '#internal/testing/skip'
import { findProgram } from './tools.ts'

/**
 * Path of a program that the tests of `context` need. Where it is missing they are skipped, and standard error says so; or they fail,
 * if the environment has `required` as 1.
 */
export function programOrSkip(
  context: Mocha.Context,
  { name, variable, required, advice }: { name: string; variable: string; required: string; advice: string },
): string {
  const found = findProgram(name, variable)
  if (found) return found
  const error = new Error(`There is no ${name}. ${advice}`)
  return skipOrFail(context, { what: `TESTS WITH ${name.toUpperCase()}`, required, error })
}
