let onClosed = () => process.exit(0)

/** Whoever closes our standard output (`| head`) has seen enough: no error, and no trace. */
export function endOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    onClosed()
  })
}

/** Does `end` instead of ending the process at once. */
export function whenPipeCloses(end: () => void): void {
  onClosed = end as () => never
}

/** A line of the result, on standard output. Resolves when the reader has room for more. */
export async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve))
}

/** A line for the person, on standard error. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

export interface Column<Row> {
  title: string
  cell: (row: Row) => string
  /** Least width, in characters. */
  width: number
}

/** Prints rows as they come: a table for people, with `json` one JSON object a line. */
export async function printRows<Row>(
  rows: AsyncIterable<Row>,
  { columns, json, view }: { columns: Column<Row>[]; json: boolean | undefined; view: (row: Row) => object },
): Promise<void> {
  const inColumns = (cells: string[]) =>
    cells
      .map((cell, i) => cell.padEnd(columns[i]!.width))
      .join('  ')
      .trimEnd()
  if (!json) await print(inColumns(columns.map(({ title }) => title)))
  for await (const row of rows)
    await print(json ? JSON.stringify(view(row)) : inColumns(columns.map(({ cell }) => cell(row))))
}
