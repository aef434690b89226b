import type { Scope } from '#internal/events/event'
import type { Entry } from './entry.ts'
import type { WebSocket } from './uws.ts'

/** uWebSockets.js copies the fields of its user data, so the client is one of them. */
export type Socket = WebSocket<{ client: Client }>

/** Whose socket this is. */
export interface Identity {
  /** `stream`: an account's events. `inbox`: one object's alerts. */
  kind: 'stream' | 'inbox'
  /** Set when an account logged in for this socket; ends with its session. */
  session: { id: number; accountId: number; role: string; expiresAt: number } | undefined
  /** Set on inboxes; `tokenId` when the object's own token opened it. */
  object: { id: number; createdVersion: number; tokenId: number | undefined } | undefined
}

const idle = Promise.resolve()

/** One open WebSocket. */
export class Client {
  readonly identity: Identity
  /** The cursor that it came with; undefined when it has none. */
  readonly cursor: number | undefined
  /** What it is sent. */
  readonly scopes: Scope[]
  /** What it is found by: its scopes, and the account of a dispatcher who looks into an inbox. */
  readonly keys: Scope[]
  /** Undefined once closed: every call on a closed socket throws. */
  ws: Socket | undefined
  /** During catch-up: the position up to which it has been sent everything. */
  reached: number | undefined
  /** Live: subscribed, gets events by publish. Before that, it is being caught up. */
  live = false
  /** Position of the newest ping that asked for a delivered mark. */
  pinged = 0
  /** Scopes among `scopes` that it watches. */
  watches = 0
  /** Frames that need a look-up are handled one after the other, in the order in which they came. */
  handling: Promise<unknown> = idle
  /** How many of them wait. */
  waiting = 0
  /** Resolves the wait for room in the send buffer. */
  onDrain: (() => void) | undefined
  #seenAlerts: Set<number> | undefined

  constructor(identity: Identity, cursor: number | undefined) {
    this.identity = identity
    this.cursor = cursor
    this.scopes = scopesOf(identity)
    this.keys =
      identity.kind === 'inbox' && identity.session
        ? [...this.scopes, `account:${identity.session.accountId}`]
        : this.scopes
    if (identity.kind === 'inbox' && cursor === undefined) this.#seenAlerts = new Set()
  }

  /** Whether this client's confirmations move delivered marks: only the object's own. */
  get marks(): boolean {
    return this.identity.object?.tokenId !== undefined
  }

  /**
   * Whether an entry of one of its scopes is for this client during catch-up. A first look into an inbox shows each alert once and no
   * receipts; an alert to all is not for objects that were made after it.
   */
  accepts(entry: Entry): boolean {
    if (entry.frame === undefined) return false
    if (!this.wasTargeted(entry)) return false
    if (!this.#seenAlerts) return true
    if (entry.alertId === undefined || this.#seenAlerts.has(entry.alertId)) return false
    this.#seenAlerts.add(entry.alertId)
    return true
  }

  wasTargeted(entry: Entry): boolean {
    const { object } = this.identity
    return (
      entry.directoryVersion === undefined || (object !== undefined && object.createdVersion <= entry.directoryVersion)
    )
  }

  goLive(): void {
    this.live = true
    this.#seenAlerts = undefined
  }
}

function scopesOf({ session, object, kind }: Identity): Scope[] {
  if (kind === 'inbox' && object) return [`object:${object.id}`, 'objects']
  if (!session) return []
  const own: Scope = `account:${session.accountId}`
  return session.role === 'member' ? [own] : [own, 'alerts']
}
