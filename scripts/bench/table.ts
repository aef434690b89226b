import { availableParallelism } from 'node:os'

/** One line of the result. `met` is undefined for figures that have no bar, or when the machine did not let us measure. */
export interface Row {
  what: string
  figure: string
  ratio: string
  bar: string
  met: boolean | undefined
}

/** A figure that explains the others and has no bar. */
export const info = (what: string, figure: string, ratio = ''): Row => ({
  what,
  figure,
  ratio,
  bar: '',
  met: undefined,
})

/** A table in Markdown, so that it can be pasted into docs/benchmarks.md. */
export function printTable(rows: Row[], quick: boolean, log: string): void {
  const head = ['what', 'figure', 'ratio', 'bar', '']
  const lines = rows.map((row) => [row.what, row.figure, row.ratio, row.bar, quick ? '' : verdict(row)])
  const widths = head.map((_, i) => Math.max(...[head, ...lines].map((cells) => cells[i]!.length)))
  const print = (cells: string[]) => console.log(`| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`)
  console.log(
    `\n${availableParallelism()} cores, Node ${process.version}, ${process.platform}-${process.arch}, loopback, log: ${log}`,
  )
  if (quick) console.log('A --quick run shows that the bench works; its figures say nothing.')
  console.log()
  print(head)
  print(widths.map((width) => '-'.repeat(width)))
  for (const line of lines) print(line)
}

function verdict({ bar, met }: Row): string {
  if (met !== undefined) return met ? 'met' : 'SHORT'
  return bar ? 'not measured' : ''
}
