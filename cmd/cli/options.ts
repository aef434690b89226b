import { InvalidArgumentError } from 'commander'

/** Parsers of arguments for commander: what they throw is wrong usage. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < least || number > most)
      throw new InvalidArgumentError(
        `It must be a whole number, at least ${least}${most < 2 ** 53 - 1 ? ` and at most ${most}` : ''}.`,
      )
    return number
  }
}

export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`
}
