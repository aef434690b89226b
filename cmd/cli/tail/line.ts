import type { EventFrame } from './connection.ts'

const dataLength = 120

/** One line for a person: time, position, scope, event, and the beginning of the data. */
export function eventLine({ at, position, scope, event, data }: EventFrame): string {
  const text = printable(JSON.stringify(data))
  const short = text.length > dataLength ? `${text.slice(0, dataLength)}...` : text
  return `${at}  ${String(position).padStart(6)}  ${scope.padEnd(15)}  ${event.padEnd(22)}  ${short}`
}

/** JSON escapes the control characters below 32; a terminal obeys some others too. */
const printable = (text: string) =>
  text.replace(/\p{Cc}|\p{Bidi_C}/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
