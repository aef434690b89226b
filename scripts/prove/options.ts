import { parseArgs } from 'node:util'
import { allFaults, faults } from './faults/faults.ts'

export interface Options {
  /** To be acknowledged, at an even pace over so many minutes. */
  messages: number
  minutes: number
  seed: number
  /** Names of the faults that may happen. */
  faults: string[]
  /** As it was given. */
  faultsAsGiven: string
  log: 'kafka' | 'postgres'
  /** Whether the report becomes docs/proof.md. */
  keep: boolean
}

export const usage = `npm run prove -- --messages N --minutes M [--seed S] [--faults all|none|A,B,...] [--log kafka|postgres] [--keep]
Faults: ${Object.keys(faults).join(', ')}`

/** @throws Error with what is wrong */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: 'string', default: '10000' },
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      faults: { type: 'string', default: 'all' },
      log: { type: 'string', default: 'kafka' },
      keep: { type: 'boolean', default: false },
    },
  })
  const { log } = values
  if (log !== 'kafka' && log !== 'postgres') throw new Error('--log is kafka or postgres')
  return {
    messages: positive('messages', values.messages),
    minutes: positive('minutes', values.minutes),
    seed: positive('seed', values.seed),
    faults: namesOf(values.faults, log),
    faultsAsGiven: values.faults,
    log,
    keep: values.keep,
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name} is a number above 0`)
  return value
}

/** Names with commas between them; `all` is every one that needs not be asked for. */
function namesOf(text: string, log: Options['log']): string[] {
  if (text === 'none') return []
  const names = text.split(',').flatMap((name) => (name === 'all' ? allFaults(log) : [name]))
  const possible = log === 'kafka' ? Object.keys(faults) : allFaults(log)
  const unknown = names.find((name) => !possible.includes(name))
  if (unknown !== undefined) throw new Error(`there is no fault ${unknown} with --log ${log}`)
  return names
}
