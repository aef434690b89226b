const said = new Set<string>()

export interface Skipped {
  /** As in `<WHAT> SKIPPED: ...`. */
  what: string
  /** Variable of the environment that has to be 1 for the tests to fail instead. */
  required: string
  /** Why, and what to do. */
  error: Error
}

/** Skips the tests of a hook for want of something, and says so on standard error. @throws the error where they are required */
export function skipOrFail(context: Mocha.Context, { what, required, error }: Skipped): never {
  if (process.env[required] === '1') throw error
  const message = `${what} SKIPPED: ${error.message}\n`
  if (!said.has(message)) process.stderr.write(message)
  said.add(message)
  return context.skip()
}

/** Says once more, after all tests, that some were skipped. */
export function reportSkipped(): void {
  for (const message of said) process.stderr.write(message)
}
