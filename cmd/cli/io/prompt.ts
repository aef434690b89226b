import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { PlainError } from '#internal/runtime/plain-error'
import { UsageError } from '../failure.ts'

export const canAsk = (): boolean => process.stdin.isTTY === true

/** Asks on the terminal, through standard error, so that a redirected result stays clean. */
export async function ask(question: string, { hidden = false } = {}): Promise<string> {
  let silent = false
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!silent) process.stderr.write(chunk)
      done()
    },
  })
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 })
  try {
    return await new Promise<string>((resolve, reject) => {
      const stop = () => reject(new PlainError('Nothing was done.'))
      lines.once('SIGINT', stop).once('close', stop)
      lines.question(question).then(resolve, reject)
      silent = hidden
    })
  } finally {
    lines.close()
    if (hidden) process.stderr.write('\n')
  }
}

/** A password from the terminal without an echo, or the first line of standard input. */
export async function askPassword(options: { passwordStdin?: true | undefined; twice?: boolean }): Promise<string> {
  if (options.passwordStdin) return (await text(process.stdin)).split(/\r?\n/, 1)[0]!
  if (!canAsk())
    throw new UsageError('There is no terminal to ask for the password. Give --password-stdin and pipe it in.')
  const password = await ask('Password: ', { hidden: true })
  if (options.twice && (await ask('Again: ', { hidden: true })) !== password)
    throw new PlainError('These are two different passwords. Nothing was done.')
  return password
}
