import { type Command, Option } from 'commander'
import { readConfig } from '#internal/config/read'
import { PlainError } from '#internal/runtime/plain-error'
import { UsageError } from '../failure.ts'
import { readCredentials } from './credentials.ts'

const defaultUrl = 'http://localhost:8080'

export interface ServerOptions {
  url?: string
  token?: string
}

/** The options of commands that speak to the API. */
export function withServerOptions(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', `where the API is; else BELFRY_URL, the last login, ${defaultUrl}`))
    .addOption(new Option('--token <token>', 'session token or API key; better BELFRY_TOKEN, which `ps` does not show'))
}

/** Where the API is, without a slash at the end. @throws UsageError */
export async function serverUrl(options: ServerOptions, env: NodeJS.ProcessEnv): Promise<string> {
  const given = options.url ?? readConfig(env, ['URL']).URL
  if (given === undefined) return (await readCredentials(env)).current ?? defaultUrl
  if (!/^https?:\/\//.test(given) || !URL.canParse(given))
    throw new UsageError(`"${given}" is no URL of an API: http://... or https://...`)
  const { origin, pathname } = new URL(given)
  return (origin + pathname).replace(/\/+$/, '')
}

export interface Server {
  url: string
  token: string
}

/** Where the API is, and the token for it. @throws PlainError when nobody has logged in there. */
export async function chooseServer(options: ServerOptions, env: NodeJS.ProcessEnv): Promise<Server> {
  const url = await serverUrl(options, env)
  const token = options.token ?? readConfig(env, ['TOKEN']).TOKEN ?? (await readCredentials(env)).servers[url]?.token
  if (token !== undefined) return { url, token }
  throw new PlainError(`There is no token for ${url}. Run \`belfry login\`, or set BELFRY_TOKEN.`)
}
