import type { Answer } from '../world/http.ts'

/** What writers saw, by number. */
export class Tally {
  readonly counts: Record<string, number> = {}
  /** By status, or the code of the error. */
  readonly answers: Record<string, number> = {}
  /** Answers that no outage explains; the first hundred. */
  readonly findings: string[] = []

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1
  }

  answer(answer: Answer | Error): void {
    const name = answer instanceof Error ? ((answer as { code?: string }).code ?? answer.message) : answer.status
    this.answers[name] = (this.answers[name] ?? 0) + 1
  }

  unexpected(finding: string): void {
    if (this.findings.length < 100) this.findings.push(finding)
  }
}
