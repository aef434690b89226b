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

/** Ends sockets whose credentials ended, also those that are just being let in. */
export class Revocations {
  readonly #clients: Registry
  #revoked = new Map<string, number>()

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
      for (const client of [...this.#clients.in(scope)])
        if (this.covers(client)) client.ws?.end(closeCodes.sessionEnded, 'session ended')
    } else if (event === 'account.updated' && scope.startsWith('account:')) {
      const { role } = JSON.parse(data) as { role: string }
      // What the account may see has changed: let it come back and be given the scopes of its new role.
      for (const client of [...this.#clients.in(scope)])
        if (client.identity.session?.role !== role)
          client.ws?.end(closeCodes.restart, JSON.stringify({ reconnect_after_ms: 0 }))
    }
  }

  covers({ identity: { session, object } }: Client): boolean {
    return (
      (session !== undefined && this.#revoked.has(`session ${session.id}`)) ||
      (object?.tokenId !== undefined && this.#revoked.has(`token ${object.tokenId}`)) ||
      (object !== undefined && this.#revoked.has(`inbox object:${object.id}`))
    )
  }

  #remember(key: string): void {
    const now = Date.now()
    this.#revoked.set(key, now)
    for (const [old, at] of this.#revoked) {
      if (now - at < rememberMs) break
      this.#revoked.delete(old)
    }
  }
}
