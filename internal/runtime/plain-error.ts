/** A failure that the person at the terminal can mend: the message is one or two sentences that say what is wrong and what to do. */
export class PlainError extends Error {
  override readonly name = 'PlainError'
}
