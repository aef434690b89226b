import { CsvError, parse } from 'csv-parse/browser/esm/sync'
import { ContactLines, type CsvRecord, contactFile } from '#internal/alerts/contact-file'
import { PlainError } from '#internal/runtime/plain-error'

export interface Row {
  line: number
  email: string
  phone_number: string
}

export interface BadLine {
  line: number
  problem: string
}

export interface ReadFile {
  rows: Row[]
  /** Lines that are no rows at all. Whether addresses and numbers are right is for the API to say. */
  bad: BadLine[]
  /** Columns that are not used. */
  ignored: string[]
}

const longest = 1000

/** Understands a file as `belfry objects import` does. @throws PlainError where it is no such file */
export function readCsv(bytes: ArrayBuffer): ReadFile {
  const lines = new ContactLines()
  const rows: Row[] = []
  const bad: BadLine[] = []
  for (const record of records(bytes)) {
    const row = lines.read(record)
    if (!row) continue
    const problem = 'problem' in row ? row.problem : unsendable(row)
    if (problem !== undefined) bad.push({ line: row.line, problem })
    else rows.push(row as Row)
  }
  lines.end()
  return { rows, bad, ignored: lines.ignored! }
}

/** What the API would refuse together with all other rows of its request. */
function unsendable({ email, phone_number }: Pick<Row, 'email' | 'phone_number'>): string | undefined {
  for (const [name, text] of Object.entries({ email, phone_number })) {
    if (text.length > longest) return `${name} is longer than ${longest} characters`
    if (text.includes('\0')) return `${name} has a character that is none`
  }
  return undefined
}

function records(bytes: ArrayBuffer): CsvRecord[] {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return parse(text, contactFile) as unknown as CsvRecord[]
  } catch (error) {
    if (error instanceof CsvError) throw new PlainError(`${error.message}.`)
    if (error instanceof TypeError) throw new PlainError('The file is not text in UTF-8. Save it as "CSV UTF-8".')
    throw error
  }
}
