/** A list of whole numbers from 0 to 2^32 - 1 that grows. */
export class Column {
  length = 0
  #values = new Uint32Array(64)

  push(value: number): void {
    this.set(this.length, value)
  }

  /** 0 where nothing was set. */
  get(index: number): number {
    return this.#values[index] ?? 0
  }

  set(index: number, value: number): void {
    if (index >= this.#values.length) {
      const larger = new Uint32Array(Math.max(index + 1, this.#values.length * 2))
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[index] = value
    this.length = Math.max(this.length, index + 1)
  }
}
