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
  const message = `There is no ${name}. ${advice}`
  if (process.env[required] === '1') throw new Error(message)
  process.stderr.write(`TESTS WITH ${name.toUpperCase()} SKIPPED: ${message}\n`)
  return context.skip()
}
