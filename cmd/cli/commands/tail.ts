import { type Command, InvalidArgumentError } from 'commander'
import { chooseServer, type ServerOptions, withServerOptions } from '../client/server.ts'
import { say, whenPipeCloses } from '../io/output.ts'
import { fromUser } from '../io/paths.ts'
import { examples, wholeNumber } from '../options.ts'
import type { Frame } from '../tail/connection.ts'
import { follow } from '../tail/follow.ts'
import { eventLine } from '../tail/line.ts'
import { StateFile } from '../tail/state.ts'

interface TailOptions extends ServerOptions {
  cursor?: number
  scope?: string[]
  state?: string
  json?: true
}

export function addTail(program: Command): void {
  const command = program
    .command('tail')
    .description('follow the events that your account may see, through restarts of the server')
    .option(
      '--cursor <position>',
      'begin after this position, 0 for all that is kept; else from now on',
      wholeNumber(0),
    )
    .option('--state <file>', 'keep the cursor in this file, and begin after the one that is there')
    .option('--scope <scopes>', 'only these: alerts,topics,conversation:7, or conversation for all of them', scopes)
    .option('--json', 'print one JSON object a line, as the stream has it')
    .addHelpText(
      'after',
      examples(
        'belfry tail',
        'belfry tail --cursor 0 --scope alerts --json | jq .data.text',
        'belfry tail --state /var/lib/relay/cursor --json >>events.jsonl',
      ),
    )
    .action(tail)
  withServerOptions(command)
}

async function tail(options: TailOptions): Promise<void> {
  const server = await chooseServer(options, process.env)
  const state = options.state === undefined ? undefined : await StateFile.open(fromUser(options.state, process.env))
  const stopping = new AbortController()
  let failure: Error | undefined
  const stop = () => stopping.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  whenPipeCloses(stop)
  state?.onFailure((error) => {
    failure = error
    stop()
  })
  const wanted = scopeFilter(options.scope)

  /** Resolves when the reader has room for more; moves the kept cursor when the line has left this process. */
  const deal = (frame: Frame, text: string): Promise<void> | undefined => {
    if (frame.type === 'reset')
      say(`There may be a hole: ${frame.reason}. Reload what you keep; events go on after position ${frame.position}.`)
    const line = lineOf(frame, text)
    const written = (error?: Error | null) => {
      if (!error) state?.keep(frame.position)
    }
    // Nothing, too, is written behind what is still on its way out.
    if (process.stdout.write(line === undefined ? '' : `${line}\n`, written)) return undefined
    return new Promise((resolve) => process.stdout.once('drain', resolve))
  }
  const lineOf = (frame: Frame, text: string): string | undefined => {
    if (frame.type === 'event' && wanted(frame.scope)) return options.json ? text : eventLine(frame)
    return frame.type === 'reset' && options.json ? text : undefined
  }

  await follow({ server, cursor: state?.cursor ?? options.cursor, onFrame: deal, say, signal: stopping.signal })
  // Behind the last line.
  await new Promise((resolve) => process.stdout.write('', resolve))
  await state?.flush()
  if (failure) throw failure
}

const kinds = ['account', 'conversation', 'object', 'status', 'objects', 'alerts', 'topics']

function scopes(text: string, before: string[] = []): string[] {
  const given = text.split(',').map((scope) => scope.trim())
  for (const scope of given)
    if (!/^[a-z]+(:\d+)?$/.test(scope) || !kinds.includes(scope.split(':')[0]!))
      throw new InvalidArgumentError(`"${scope}" is no scope; the kinds are ${kinds.join(', ')}.`)
  return [...before, ...given]
}

function scopeFilter(scopes: string[] | undefined): (scope: string) => boolean {
  if (!scopes) return () => true
  return (scope) => scopes.includes(scope) || scopes.includes(scope.split(':')[0]!)
}
