import type { LogEvent } from '#internal/events/event'
import type { Client } from './client.ts'
import { closeCodes } from './close.ts'
import type { Registry } from './registry.ts'

// Letting a client in takes milliseconds to seconds; what was revoked meanwhile is remembered for longer than that.
const rememberMs = 5 * 60_000

/** Which credentials of its scope ended. */
interface Revoked {
  session_id?: number
  api_key_id?: number
  token_id?: number | null
}

/** How a socket is closed. */
export interface Close {
  code: number
  reason: string
}

const ended: Close = { code: closeCodes.sessionEnded, reason: 'session ended' }
/** What the account may see has changed: let it come back and be given the scopes of its new role. */
const comeBack: Close = { code: closeCodes.restart, reason: JSON.stringify({ reconnect_after_ms: 0 }) }

/** Ends sockets whose credentials ended or whose account has another role, also those that are just being let in. */
export class Revocations {
  readonly #clients: Registry
  readonly #remembered = new Map<string, { at: number; value: string }>()

  constructor(clients: Registry) {
    this.#clients = clients
  }

  apply({ event, scope, data }: LogEvent): void {
    if (event === 'session.revoked') {
      const { session_id, api_key_id, token_id } = JSON.parse(data) as Revoked
      if (session_id !== undefined) this.#remember(`session ${session_id}`)
      else if (api_key_id !== undefined) this.#remember(`session key ${api_key_id}`)
      else if (token_id) this.#remember(`token ${token_id}`)
      else this.#remember(`inbox ${scope}`)
    } else if (event === 'account.updated' && scope.startsWith('account:')) {
      const { role } = JSON.parse(data) as { role: string }
      this.#remember(`role of ${scope}`, role)
    } else return
    for (const client of [...this.#clients.in(scope)]) {
      const close = this.closeOf(client)
      if (close) client.ws?.end(close.code, close.reason)
    }
  }

  /** How the client must be closed; undefined when it may stay. */
  closeOf({ identity: { session, object } }: Client): Close | undefined {
    if (session && this.#remembered.has(`session ${session.id}`)) return ended
    if (object?.tokenId !== undefined && this.#remembered.has(`token ${object.tokenId}`)) return ended
    if (object && this.#remembered.has(`inbox object:${object.id}`)) return ended
    const role = session && this.#remembered.get(`role of account:${session.accountId}`)?.value
    return role === undefined || role === session?.role ? undefined : comeBack
  }

  #remember(key: string, value = ''): void {
    const now = Date.now()
    // Behind the others: the oldest come first.
    this.#remembered.delete(key)
    this.#remembered.set(key, { at: now, value })
    for (const [old, { at }] of this.#remembered) {
      if (now - at < rememberMs) break
      this.#remembered.delete(old)
    }
  }
}
