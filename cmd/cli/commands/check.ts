import { type Command, Option } from 'commander'
import { systemClock } from '#internal/runtime/clock'
import { checkDelivery } from '../check/check.ts'
import { asChecker } from '../check/checker.ts'
import { serverUrl } from '../client/server.ts'
import { withDatabase } from '../database.ts'
import { print } from '../io/output.ts'
import { examples, wholeNumber } from '../options.ts'

interface CheckOptions {
  url?: string
  pushUrl?: string
  timeout: number
  json?: true
}

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('post a message by REST and see it come over the WebSocket, with an account that is there for checks')
    .option('--url <url>', 'where the API is; else BELFRY_URL, the last login, http://localhost:8080')
    .option('--push-url <url>', 'where push is, when that is elsewhere')
    .addOption(new Option('--timeout <seconds>', 'how long to wait').argParser(wholeNumber(1, 3600)).default(30))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples('belfry check', 'belfry check --url http://belfry-api:8080 --push-url http://belfry-push:8081'),
    )
    .action(check)
}

async function check(options: CheckOptions): Promise<void> {
  const url = await serverUrl(options, process.env)
  const pushUrl = options.pushUrl === undefined ? url : await serverUrl({ url: options.pushUrl }, process.env)
  const ms = await withDatabase(process.env, { name: 'check' }, (db) =>
    asChecker(db, systemClock, (token) =>
      checkDelivery({ server: { url, token }, pushUrl, timeoutMs: options.timeout * 1000 }),
    ),
  )
  await print(
    options.json
      ? JSON.stringify({ ms: Math.round(ms) })
      : `A message went from its POST to the WebSocket in ${Math.round(ms)} ms.`,
  )
}
