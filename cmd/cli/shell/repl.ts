import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import repl, { type REPLServer, Recoverable } from 'node:repl'
import { PassThrough, Writable } from 'node:stream'
import { inspect } from 'node:util'
import { failureLine } from '../failure.ts'
import { say } from '../io/output.ts'
import { helpCommand } from './help.ts'

const common = {
  // One realm: what is typed is of the same classes as what it is given to.
  useGlobal: true,
  ignoreUndefined: true,
}

/** A prompt on the terminal, until Ctrl-D. What was typed is kept in `historyFile`. */
export async function runPrompt(services: object, historyFile: string): Promise<void> {
  await mkdir(path.dirname(historyFile), { recursive: true, mode: 0o700 })
  const colors = process.stdout.hasColors?.() ?? false
  const server = repl.start({ ...common, prompt: 'belfry> ', terminal: true, writer: writer(colors) })
  // It may come at any moment from here.
  const exit = new Promise<void>((resolve) => server.once('exit', resolve))
  offer(server, services)
  server.setupHistory(historyFile, (error) => error && say(`What you type is not kept: ${error.message}.`))
  await exit
}

/**
 * Runs the lines that are piped in, one after the other, and prints what each gives. Ends with the first that fails. Resolves with
 * the exit code.
 */
export async function runLines(services: object): Promise<number> {
  const input = new PassThrough()
  let answer = ''
  const output = new Writable({
    write(chunk, _encoding, done) {
      answer += chunk
      done()
    },
  })
  const server = repl.start({ ...common, input, output, prompt: '', terminal: false, writer: writer(false) })
  offer(server, services)
  const isComplete = watchCompleteness(server)
  let ready = () => {}
  // A prompt by itself does not wait for what the line before awaits: it is fed when it asks for more.
  server.displayPrompt = () => ready()
  let exited = false
  server.once('exit', () => {
    exited = true
    ready()
  })
  for await (const line of createInterface({ input: process.stdin })) {
    answer = ''
    const done = new Promise<void>((resolve) => (ready = resolve))
    input.write(`${line}\n`)
    await done
    const error: unknown = server.context._error
    if (error !== undefined) return failed(failureLine(error))
    process.stdout.write(answer)
    if (exited) return 0
  }
  return isComplete() ? 0 : failed('The last statement is not complete.')
}

function failed(line: string): number {
  say(line)
  return 1
}

/** Results show what is in them, not that they are objects three levels down. */
const writer = (colors: boolean) => (value: unknown) => inspect(value, { depth: 6, colors })

function offer(server: REPLServer, services: object): void {
  Object.assign(server.context, services)
  Object.defineProperty(server.context, 'help', { value: helpCommand(services) })
}

/** Returns whether the last line ended a statement. */
function watchCompleteness(server: REPLServer): () => boolean {
  const evaluate = server.eval
  let complete = true
  const watched: typeof evaluate = function (this: REPLServer, code, context, file, done) {
    evaluate.call(this, code, context, file, (error, result) => {
      complete = !(error instanceof Recoverable)
      done(error, result)
    })
  }
  Object.assign(server, { eval: watched })
  return () => complete
}
