/** Around each word that matches. No text has these characters, so none can pretend. */
const matchStart = '\u{E000}'
const matchEnd = '\u{E001}'

export interface Part {
  text: string
  isMatch: boolean
}

/** A snippet of the API in its parts: words that match, and what stands between them; with dots where the message goes on. */
export function splitSnippet(snippet: string, body: string): Part[] {
  const parts = snippet.split(matchStart).flatMap((piece, n) => {
    const end = piece.indexOf(matchEnd)
    if (n === 0 || end < 0) return { text: piece, isMatch: false }
    return [
      { text: piece.slice(0, end), isMatch: true },
      { text: piece.slice(end + matchEnd.length), isMatch: false },
    ]
  })
  const plain = parts.map(({ text }) => text).join('')
  if (!body.startsWith(plain)) parts.unshift({ text: '… ', isMatch: false })
  if (!body.endsWith(plain)) parts.push({ text: ' …', isMatch: false })
  return parts.filter(({ text }) => text !== '')
}
