import { stopTestPostgres } from './postgres.ts'

export const mochaHooks = {}

/** Ends what tests share, once, after the last test. */
export async function mochaGlobalTeardown(): Promise<void> {
  await stopTestPostgres()
}
