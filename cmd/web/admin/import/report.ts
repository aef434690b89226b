import type { BadLine } from './read-csv.ts'

/** What was left out, as a CSV file with a header. */
export const badLinesCsv = (bad: BadLine[]): string =>
  ['line,problem', ...bad.map(({ line, problem }) => `${line},"${problem.replaceAll('"', '""')}"`), ''].join('\r\n')
