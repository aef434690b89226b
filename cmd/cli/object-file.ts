import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
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
  const reject = (line: number, problem: string) => {
    bad++
    onBad(line, problem)
  }
  let places: Places | undefined
  let batch: Contact[] = []
  for await (const { fields, line } of readRecords(options.file)) {
    if (!places) {
      places = findPlaces(fields, onIgnored)
      continue
    }
    if (fields.length !== places.width) {
      reject(line, `has ${fields.length} fields, and the header ${places.width}`)
      continue
    }
    const row = { email: fields[places.email]!, phone_number: fields[places.phone_number]! }
    const checked = checkContact(row, country)
    if ('problem' in checked) reject(line, checked.problem)
    else batch.push(checked.contact)
    if (batch.length === batchSize) {
      yield batch
      batch = []
    }
  }
  if (!places) throw new PlainError('The file is empty: its first line names the columns email and phone_number.')
  if (bad > 0 && !skipBad) {
    const rows = bad === 1 ? '1 row is' : `${bad} rows are`
    throw new PlainError(`Nothing was imported, for ${rows} bad. Mend the file, or give --skip-bad.`)
  }
  if (batch.length > 0) yield batch
}

interface Places {
  email: number
  phone_number: number
  width: number
}

function findPlaces(header: string[], onIgnored: ReadOptions['onIgnored']): Places {
  const names = header.map((name) => name.toLowerCase())
  const place = (name: string) => {
    if (names.filter((each) => each === name).length !== 1)
      throw new PlainError(
        `The first line must name the columns email and phone_number once each, with commas between; it is: ${header.join(',')}`,
      )
    return names.indexOf(name)
  }
  const places = { email: place('email'), phone_number: place('phone_number'), width: header.length }
  const ignored = header.filter((_, i) => i !== places.email && i !== places.phone_number)
  if (ignored.length > 0) onIgnored(ignored)
  return places
}

interface Parsed {
  fields: string[]
  /** That it begins on. */
  line: number
}

async function* readRecords(file: string): AsyncGenerator<Parsed> {
  const input = file === '-' ? process.stdin : createReadStream(file)
  const parser = parse({
    bom: true,
    raw: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    // A quote that nobody closed must not swallow the file.
    max_record_size: 64 * 1024,
    skip_empty_lines: true,
    trim: true,
  })
  pipeline(input, parser, () => undefined)
  // The parser's own count takes a CRLF between quotes for two.
  let lines = 0
  try {
    for await (const { record, raw } of parser as AsyncIterable<{ record: string[]; raw: string }>) {
      yield { fields: record, line: lines + 1 + lineEnds(raw.slice(0, raw.search(/\S/))) }
      lines += lineEnds(raw)
    }
  } catch (error) {
    throw readError(error, file)
  }
}

const lineEnds = (text: string) => text.match(/\r\n|\n|\r/g)?.length ?? 0

function readError(error: unknown, file: string): unknown {
  if (error instanceof CsvError) return new PlainError(`Nothing was imported. ${error.message}.`)
  const { code, message, syscall } = error as NodeJS.ErrnoException
  if (syscall === undefined) return error
  return new PlainError(code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${message}.`)
}
