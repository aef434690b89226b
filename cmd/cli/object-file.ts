import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { ContactLines, type CsvRecord, contactFile } from '#internal/alerts/contact-file'
import { checkContact } from '#internal/alerts/object-import'
import type { Contact } from '#internal/alerts/object-store'
import { PlainError } from '#internal/runtime/plain-error'

const batchSize = 1000

export interface ReadOptions {
  /** Path, or `-` for standard input. */
  file: string
  /** Of phone numbers without a country code. */
  country: string
  /** Leave bad rows out instead of failing at the end. */
  skipBad: boolean
  /** Told of each bad row, with the line that it begins on. */
  onBad: (line: number, problem: string) => void
  /** Told of columns that are not used. */
  onIgnored: (columns: string[]) => void
}

/**
 * Reads contacts out of a CSV file (RFC 4180, UTF-8) with a header, batch by batch.
 * @throws PlainError after the last row if there were bad ones; at once when it is no such file.
 */
export async function* readContacts(options: ReadOptions): AsyncGenerator<Contact[]> {
  const { country, skipBad, onBad, onIgnored } = options
  let bad = 0
  const lines = new ContactLines()
  let batch: Contact[] = []
  for await (const record of readRecords(options.file)) {
    const row = lines.read(record)
    if (!row) {
      if (lines.ignored!.length > 0) onIgnored(lines.ignored!)
      continue
    }
    const checked = 'problem' in row ? row : checkContact(row, country)
    if ('problem' in checked) {
      bad++
      onBad(row.line, checked.problem)
    } else batch.push(checked.contact)
    if (batch.length === batchSize) {
      yield batch
      batch = []
    }
  }
  lines.end()
  if (bad > 0 && !skipBad) {
    const rows = bad === 1 ? '1 row is' : `${bad} rows are`
    throw new PlainError(`Nothing was imported, for ${rows} bad. Mend the file, or give --skip-bad.`)
  }
  if (batch.length > 0) yield batch
}

async function* readRecords(file: string): AsyncGenerator<CsvRecord> {
  const input = file === '-' ? process.stdin : createReadStream(file)
  const parser = parse(contactFile)
  pipeline(input, parser, () => undefined)
  try {
    yield* parser as AsyncIterable<CsvRecord>
  } catch (error) {
    throw readError(error, file)
  }
}

function readError(error: unknown, file: string): unknown {
  if (error instanceof CsvError) return new PlainError(`Nothing was imported. ${error.message}.`)
  const { code, message, syscall } = error as NodeJS.ErrnoException
  if (syscall === undefined) return error
  return new PlainError(code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${message}.`)
}
