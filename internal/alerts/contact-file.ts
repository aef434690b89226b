import { PlainError } from '#internal/runtime/plain-error'

/** How csv-parse reads a file of contacts: RFC 4180 with any line ends; each record comes with its text, as a `CsvRecord`. */
export const contactFile = {
  bom: true,
  raw: true,
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  // A quote that nobody closed must not swallow the file.
  max_record_size: 64 * 1024,
  skip_empty_lines: true,
  trim: true,
}

export interface CsvRecord {
  record: string[]
  raw: string
}

/** A row, with the line that it begins on, and what is wrong with its form if something is. */
export type ContactLine = { line: number } & ({ email: string; phone_number: string } | { problem: string })

/** Understands the records of a file of contacts one after the other; the first names the columns `email` and `phone_number`. */
export class ContactLines {
  /** Columns that are not used; undefined before the header. */
  ignored: string[] | undefined
  #places = { email: -1, phone_number: -1, width: 0 }
  /** The parser's own count takes a CRLF between quotes for two. */
  #lines = 0

  /** The row, or undefined for the header. @throws PlainError where that does not name both columns */
  read({ record, raw }: CsvRecord): ContactLine | undefined {
    const line = this.#lines + 1 + lineEnds(raw.slice(0, raw.search(/\S/)))
    this.#lines += lineEnds(raw)
    if (!this.ignored) return this.#readHeader(record)
    const { email, phone_number, width } = this.#places
    if (record.length !== width) return { line, problem: `has ${record.length} fields, and the header ${width}` }
    return { line, email: record[email]!, phone_number: record[phone_number]! }
  }

  /** @throws PlainError when there was not even a header */
  end(): void {
    if (!this.ignored)
      throw new PlainError('The file is empty: its first line names the columns email and phone_number.')
  }

  #readHeader(header: string[]): undefined {
    const names = header.map((name) => name.toLowerCase())
    const place = (name: string) => {
      if (names.filter((each) => each === name).length !== 1)
        throw new PlainError(
          `The first line must name the columns email and phone_number once each, with commas between; it is: ${header.join(',')}`,
        )
      return names.indexOf(name)
    }
    this.#places = { email: place('email'), phone_number: place('phone_number'), width: header.length }
    this.ignored = header.filter((_, i) => i !== this.#places.email && i !== this.#places.phone_number)
  }
}

const lineEnds = (text: string) => text.match(/\r\n|\n|\r/g)?.length ?? 0
