import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import type { Judged } from './judge/judge.ts'
import type { Loaded } from './load.ts'
import type { Options } from './options.ts'
import { longestThrough, type PlainTimings, percentileOf } from './record/timings.ts'
import type { Findings } from './system/findings.ts'

export interface Report extends Loaded, Judged {
  options: Options
  findings: Findings
  seconds: number
  /** Version. */
  postgres: string
}

/** Prints the report. */
export function printReport(report: Report): void {
  console.log(`\n${linesOf(report).join('\n')}`)
}

/** Makes the report docs/proof.md. */
export async function keepReport(report: Report): Promise<void> {
  const intro = [
    '# Proof',
    '',
    'What `npm run prove` found: it starts the whole system as separate processes, writes, follows, kills and pauses, and reconciles at the',
    'end. This file is its own report.',
    '',
  ]
  const timeline = report.faults.map(({ from, what }) => `- ${(from / 1000).toFixed(0)} s: ${what}`)
  await writeFile(
    path.join(root, 'docs/proof.md'),
    `${[...intro, ...linesOf(report), '', '## Faults in order', '', ...timeline].join('\n')}\n`,
  )
}

function linesOf(report: Report): string[] {
  const { options, findings } = report
  const { messages, minutes, seed, log } = options
  const command = `npm run prove -- --messages ${messages} --minutes ${minutes} --seed ${seed} --faults ${options.faultsAsGiven} --log ${log}`
  return [
    `    ${command}`,
    '',
    `${versionsOf(report)}, ${availableParallelism()} cores for servers and clients together, ${(report.seconds / 60).toFixed(1)} minutes.`,
    '',
    ...table(['what', 'count'], countsOf(report)),
    '',
    ...table(
      ['fault', 'times', 'longest wait for an answer', 'longest wait of a client for a message'],
      faultsOf(report),
    ),
    '',
    ...table(['far from faults', 'p50', 'p99'], latenciesOf(report)),
    '',
    ...(findings.total === 0
      ? ['**Nothing was lost, repeated, out of order, shown to who may not see it, or confirmed ahead of the truth.**']
      : [
          `**FAILED: ${findings.total} differences.** The first of each kind:`,
          '',
          ...findings.first.map((line) => `- ${line}`),
        ]),
  ]
}

const root = path.resolve(import.meta.dirname, '../..')

function versionsOf({ options, postgres }: Report): string {
  const versions = [`Belfry ${commit()}`.trim(), `Node ${process.versions.node}`, `PostgreSQL ${postgres}`]
  if (options.log === 'kafka') {
    const pom = readFileSync(path.join(root, 'internal/testing/kafka/pom.xml'), 'utf8')
    versions.push(`Kafka ${/kafka_2.13<\/artifactId>\s*<version>(.+)<\/version>/.exec(pom)![1]}`)
  }
  return versions.join(', ')
}

/** Of the sources; empty where they are no clone. */
function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}

function countsOf({ verdict, written, clients, connections, pages, faults }: Report): string[][] {
  const { messages, alerts, judges } = verdict
  const answers = Object.entries(written.answers)
    .map(([answer, count]) => `${answer}: ${number(count)}`)
    .join(', ')
  return [
    ['messages acknowledged, each found once', number(messages.acknowledged)],
    ['messages without an answer: happened once / not at all', `${messages.happened} / ${messages.vanished}`],
    ['alerts acknowledged / without an answer', `${number(alerts.acknowledged)} / ${alerts.unknown}`],
    ['joined or left during the run', number(written.counts['joined or left'] ?? 0)],
    ['events in the log, positions without a gap', number(verdict.events)],
    ['clients, connections of theirs', `${clients}, ${number(connections)}`],
    ['frames that clients got, each compared', number(verdict.frames)],
    ['receipts compared with what clients got and said', number(judges.receipts.claims)],
    ['pages read by REST and compared', number(pages)],
    ['answers to writers', answers],
    ['faults', number(faults.length)],
  ]
}

// After that a fault is over for the clients as well.
const settledMs = 5000

function faultsOf({ faults, written, streamTimings }: Report): string[][] {
  const names = [...new Set(faults.map(({ name }) => name))].sort()
  return names.map((name) => {
    const those = faults.filter((fault) => fault.name === name)
    const longest = (timings: PlainTimings) =>
      Math.max(...those.map(({ from, to }) => longestThrough(timings, from, to)))
    return [name, String(those.length), seconds(longest(written.timings)), seconds(longest(streamTimings))]
  })
}

function latenciesOf({ faults, written, streamTimings }: Report): string[][] {
  const isCalm = (second: number) =>
    // Behind that everything comes anew to clients that begin at the end.
    second < written.timings.seconds.length - 1 &&
    !faults.some(({ from, to }) => second * 1000 >= from - 1000 && second * 1000 <= to + settledMs)
  const row = (what: string, timings: PlainTimings) => [
    what,
    ...[0.5, 0.99].map((p) => `${percentileOf(timings, p, isCalm).toFixed(0)} ms`),
  ]
  return [row('POST to its answer', written.timings), row('POST to the socket', streamTimings)]
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
const number = (value: number): string => value.toLocaleString('en-US')

function table(head: string[], rows: string[][]): string[] {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((cells) => cells[i]!.length)))
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)]
}
