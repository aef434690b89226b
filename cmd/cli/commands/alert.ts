import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import { severities } from '#internal/alerts/alert'
import { PlainError } from '#internal/runtime/plain-error'
import { request } from '../client/api.ts'
import { chooseServer, type Server, type ServerOptions, withServerOptions } from '../client/server.ts'
import { UsageError } from '../failure.ts'
import { print } from '../io/output.ts'
import { examples, wholeNumber } from '../options.ts'

const alertSchema = z.looseObject({ id: z.int(), number_of_objects_receiving_alert: z.int() })
const rollCallSchema = z.object({
  counts: z.object({ targeted: z.int(), delivered: z.int(), read: z.int(), acknowledged: z.int() }),
})
type Counts = z.output<typeof rollCallSchema>['counts']

const lookMs = 500

interface AlertOptions extends ServerOptions {
  all?: true
  to?: number[]
  severity?: string
  acknowledgeBy?: string
  wait?: true
  timeout: number
  json?: true
}

export function addAlert(program: Command): void {
  const command = program
    .command('alert')
    .description('raise an alert and print how many objects it is for')
    .argument('<text>')
    .option('--all', 'to every object')
    .option('--to <ids>', 'to these objects: 1,2,3', objectIds)
    .addOption(new Option('--severity <severity>', 'how urgent it is').choices(severities).default(severities[0]))
    .option(
      '--acknowledge-by <time>',
      'until when to acknowledge: a time (RFC 3339), or from now: 30s, 15m, 2h, 1d',
      moment,
    )
    .option('--wait', 'follow the roll-call until everybody has got it')
    .addOption(new Option('--timeout <seconds>', 'how long to wait').argParser(wholeNumber(1, 86_400)).default(60))
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      examples(
        'belfry alert "Fire drill at noon" --all',
        'belfry alert "Server room: 40 °C" --to 3,7 --severity critical --acknowledge-by 15m --wait',
      ),
    )
    .action(raise)
  withServerOptions(command)
}

async function raise(text: string, options: AlertOptions): Promise<void> {
  const { all = false, to = [], severity, acknowledgeBy, json } = options
  if (all === to.length > 0) throw new UsageError('Say whom it is for: --all, or --to with ids.')
  const server = await chooseServer(options, process.env)
  const body = {
    text,
    severity,
    ...(all ? { alert_all: true } : { object_ids: to }),
    ...(acknowledgeBy !== undefined && { acknowledge_by: acknowledgeBy }),
  }
  const post = { ...server, method: 'POST', path: '/api/v1/alerts', body, idempotencyKey: randomUUID() } as const
  const alert = await request({ ...post, answer: alertSchema })
  const count = alert.number_of_objects_receiving_alert
  if (!json) await print(`Alert ${alert.id} is on its way to ${count} ${count === 1 ? 'object' : 'objects'}.`)
  const counts = options.wait && (await follow(server, alert.id, options))
  if (json) await print(JSON.stringify({ ...alert, ...(counts && { roll_call: counts }) }))
  if (counts && counts.delivered < counts.targeted)
    throw new PlainError(
      `${counts.targeted - counts.delivered} of ${counts.targeted} have not got it after ${options.timeout} seconds.`,
    )
}

/** Prints the counts as they change, until all have got it or the time is over. Returns the last ones. */
async function follow(server: Server, id: number, { timeout, json }: AlertOptions): Promise<Counts> {
  const deadline = Date.now() + timeout * 1000
  const get = {
    ...server,
    method: 'GET',
    path: `/api/v1/alerts/${id}/roll-call?limit=1`,
    answer: rollCallSchema,
  } as const
  for (let last = ''; ; ) {
    const { counts } = await request(get)
    const line = `${counts.delivered} of ${counts.targeted} delivered, ${counts.read} read, ${counts.acknowledged} acknowledged`
    if (!json && line !== last) await print(line)
    last = line
    if (counts.delivered >= counts.targeted || Date.now() >= deadline) return counts
    await delay(Math.min(lookMs, Math.max(1, deadline - Date.now())))
  }
}

function objectIds(text: string, before: number[] = []): number[] {
  return [...before, ...text.split(',').map((id) => wholeNumber(1, 2_147_483_647)(id.trim()))]
}

const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** As RFC 3339. */
function moment(text: string): string {
  const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (unit) return new Date(Date.now() + Number(number) * unitMs[unit]!).toISOString()
  if (z.iso.datetime({ offset: true }).safeParse(text).success) return text
  throw new InvalidArgumentError('It must be a time as 2030-01-31T12:00:00Z, or from now as 15m.')
}
