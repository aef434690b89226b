import { type Command, Option } from 'commander'
import { z } from 'zod'
import { PlainError } from '#internal/runtime/plain-error'
import { type ApiRequest, Refusal, request } from '../client/api.ts'
import { credentialsFile, readCredentials, writeCredentials } from '../client/credentials.ts'
import { serverUrl } from '../client/server.ts'
import { UsageError } from '../failure.ts'
import { print } from '../io/output.ts'
import { ask, askPassword, canAsk } from '../io/prompt.ts'
import { examples } from '../options.ts'

const session = z.object({
  token: z.string(),
  expires_at: z.string(),
  account: z.object({ username: z.string(), role: z.string() }),
})

interface LoginOptions {
  url?: string
  passwordStdin?: true
  totp?: string
  json?: true
}

const urlOption = () =>
  new Option('--url <url>', 'where the API is; else BELFRY_URL, the last login, http://localhost:8080')

export function addLogin(program: Command): void {
  program
    .command('login')
    .description('log in to an API and keep the token for alert and tail')
    .argument('[username]', 'asked for when it is not given')
    .addOption(urlOption())
    .option('--password-stdin', 'read the password from standard input')
    .option('--totp <code>', 'code, for an account that needs one; else it is asked for')
    .option('--json', 'print one JSON object, without the token')
    .addHelpText('after', examples('belfry login ada', 'belfry login ada --url https://belfry.example.com'))
    .action(logIn)
}

export function addLogout(program: Command): void {
  program
    .command('logout')
    .description('end the session of `belfry login` and forget its token')
    .addOption(urlOption())
    .addHelpText('after', examples('belfry logout'))
    .action(logOut)
}

async function logIn(given: string | undefined, options: LoginOptions): Promise<void> {
  const { env } = process
  const url = await serverUrl(options, env)
  if (given === undefined && !canAsk()) throw new UsageError('There is no terminal to ask for the username. Give it.')
  const username = given ?? (await ask('Username: '))
  const password = await askPassword(options)
  const { token, expires_at, account } = await openSession(url, { username, password }, options.totp)
  const { servers } = await readCredentials(env)
  servers[url] = { token, username: account.username, expires_at }
  await writeCredentials(env, { current: url, servers })
  if (options.json) await print(JSON.stringify({ url, username: account.username, role: account.role, expires_at }))
  else
    await print(
      `Logged in to ${url} as ${account.username}, ${account.role}, until ${expires_at}.\nThe token is in ${credentialsFile(env)}.`,
    )
}

async function openSession(url: string, login: { username: string; password: string }, code: string | undefined) {
  const open = (totp?: string) => {
    const body = { ...login, ...(totp !== undefined && { totp }) }
    const post: ApiRequest<z.output<typeof session>> = {
      url,
      method: 'POST',
      path: '/api/v1/sessions',
      body,
      answer: session,
    }
    return request(post)
  }
  try {
    return await open(code)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'totp_required') throw error
    if (!canAsk()) throw new PlainError(`${error.message} Give it with --totp.`)
    return open((await ask('Code: ')).trim())
  }
}

async function logOut(options: { url?: string }): Promise<void> {
  const { env } = process
  const url = await serverUrl(options, env)
  const { current, servers } = await readCredentials(env)
  const known = servers[url]
  if (!known) return print(`Nobody is logged in to ${url}.`)
  delete servers[url]
  // Forgotten whatever the server says: it may be gone, or have ended the session long ago.
  await writeCredentials(env, current === url || current === undefined ? { servers } : { current, servers })
  const end = {
    url,
    token: known.token,
    method: 'DELETE',
    path: '/api/v1/sessions/current',
    answer: z.undefined(),
  } as const
  await request(end).catch((error) => {
    if (!(error instanceof Refusal)) throw error
  })
  await print(`Logged out of ${url}.`)
}
