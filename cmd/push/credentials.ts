/** What an upgrade request says of who sends it; read synchronously, as uWebSockets.js takes the request away after that. */
export interface Credentials {
  authorization: string
  /** Sec-WebSocket-Protocol. */
  protocols: string
  ticket: string | undefined
}

/** The subprotocol that the server answers with, when the client offers it. */
export const subprotocol = 'belfry.v1'

/**
 * The token: `Authorization: Bearer T` (or `JWT T`), or for browsers, which cannot send headers, `bearer.T` among the subprotocols.
 * Undefined when there is none.
 */
export function tokenOf({ authorization, protocols }: Credentials): string | undefined {
  const header = /^(?:bearer|jwt) +(\S+)$/i.exec(authorization.trim())
  if (header) return header[1]
  for (const protocol of protocols.split(',')) {
    const offered = protocol.trim()
    if (offered.startsWith('bearer.')) return offered.slice('bearer.'.length)
  }
  return undefined
}

export function offersSubprotocol(protocols: string): boolean {
  return protocols.split(',').some((protocol) => protocol.trim() === subprotocol)
}

/** The cursor of a query string: a position, or undefined when none is given. Returns 'invalid' for anything else. */
export function cursorOf(value: string | undefined): number | undefined | 'invalid' {
  if (value === undefined) return undefined
  return /^\d{1,30}$/.test(value) ? Number(value) : 'invalid'
}
