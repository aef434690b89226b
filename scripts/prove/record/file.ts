import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

// Rows of a few numbers each, for what would take too much memory as objects. Written in pieces: a killed program loses the last one.
const rowsPerPiece = 4096

/** Appends rows of `width` whole numbers (0 to 2^32 - 1) to a file. */
export class RowWriter {
  readonly #file: number
  readonly #piece: Uint32Array
  readonly #width: number
  #used = 0

  constructor(path: string, width: number) {
    this.#file = openSync(path, 'w')
    this.#width = width
    this.#piece = new Uint32Array(rowsPerPiece * width)
  }

  add(...row: number[]): void {
    this.#piece.set(row, this.#used)
    this.#used += this.#width
    if (this.#used === this.#piece.length) this.#flush()
  }

  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  #flush(): void {
    writeSync(this.#file, new Uint8Array(this.#piece.buffer, 0, this.#used * 4))
    this.#used = 0
  }
}

/** All numbers of such a file, row after row. */
export function readRows(path: string): Uint32Array {
  const bytes = readFileSync(path)
  return new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}
