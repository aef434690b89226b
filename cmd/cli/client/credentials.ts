import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { writePrivate } from '#internal/embedded-postgres/cluster'
import { PlainError } from '#internal/runtime/plain-error'
import { userDirectory } from '../io/paths.ts'

const schema = z.object({
  /** The one that was logged in to last. */
  current: z.string().optional(),
  /** By URL of the API, so that a token never goes to another server. */
  servers: z.record(z.string(), z.object({ token: z.string(), username: z.string(), expires_at: z.string() })),
})

export type Credentials = z.output<typeof schema>

export const credentialsFile = (env: NodeJS.ProcessEnv): string => path.join(userDirectory(env), 'credentials.json')

/** What `belfry login` has kept. @throws PlainError when the file is not one of ours. */
export async function readCredentials(env: NodeJS.ProcessEnv): Promise<Credentials> {
  const file = credentialsFile(env)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{"servers":{}}'
    throw new PlainError(`${file} cannot be read: ${error.message}.`)
  })
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new PlainError(`${file} is damaged. Remove it and log in again.`)
  }
}

/** The file is of mode 0600, its directory too is the user's alone. */
export async function writeCredentials(env: NodeJS.ProcessEnv, credentials: Credentials): Promise<void> {
  const file = credentialsFile(env)
  try {
    await mkdir(userDirectory(env), { recursive: true, mode: 0o700 })
    await writePrivate(file, `${JSON.stringify(credentials, null, 2)}\n`)
  } catch (error) {
    throw new PlainError(`${file} cannot be written: ${(error as Error).message}.`)
  }
}
