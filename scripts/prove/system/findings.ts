// As many as anybody reads; the rest is counted.
const kept = 20

/** What must not have been, by what it is. The run has failed when there is any. */
export class Findings {
  readonly counts = new Map<string, number>()
  readonly first: string[] = []

  /** @param kind a word or two, the same for all of the kind */
  add(kind: string, what: string): void {
    const count = (this.counts.get(kind) ?? 0) + 1
    this.counts.set(kind, count)
    // Some of each kind: a flood of one must not hide the others.
    if (count <= 5 || this.first.length < kept) this.first.push(`${kind}: ${what}`)
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0)
  }
}
