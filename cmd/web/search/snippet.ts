/** Around each word that matches. No text has these characters, so none can pretend. */
const matchStart = '\u{E000}'
const matchEnd = '\u{E001}'

export interface Part {
  text: string
  isMatch: boolean
}

/** A snippet of the API in its parts: words that match, and what stands between them. */
export function splitSnippet(snippet: string): Part[] {
  return snippet
    .split(matchStart)
    .flatMap((piece, n) => {
      const [match, rest] = n === 0 ? ['', piece] : cut(piece)
      return [
        { text: match, isMatch: true },
        { text: rest, isMatch: false },
      ]
    })
    .filter(({ text }) => text !== '')
}

function cut(piece: string): [string, string] {
  const end = piece.indexOf(matchEnd)
  return end < 0 ? [piece, ''] : [piece.slice(0, end), piece.slice(end + matchEnd.length)]
}
