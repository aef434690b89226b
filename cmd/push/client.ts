import type { Scope } from '#internal/events/event'
import { accountScopes, Visibility } from '#internal/stream/visibility'
import type { Delivered } from './delivered.ts'
import type { Entry } from './entry.ts'
import type { WebSocket } from './uws.ts'

/** uWebSockets.js copies the fields of its user data, so the client is one of them. */
export type Socket = WebSocket<{ client: Client }>

/** Whose socket this is. */
export interface Identity {
  /** `stream`: an account's events. `inbox`: one object's alerts. */
  kind: 'stream' | 'inbox'
  /** Set when an account opened this socket; ends with its session or API key. */
  session: { id: number | `key ${number}`; accountId: number; role: string; expiresAt: number } | undefined
  /** Set on inboxes; `tokenId` when the object's own token opened it. */
  object: { id: number; createdVersion: number; tokenId: number | undefined } | undefined
}

const idle = Promise.resolve()

/** One open WebSocket. */
export class Client {
  readonly identity: Identity
  /** The cursor that it came with; undefined when it has none. */
  readonly cursor: number | undefined
  /** What it sees: up to where it was sent everything while it is caught up, then at the hub's position. */
  readonly visibility: Visibility
  /** What it is found by from the first moment: what it always sees, and the account of a dispatcher who looks into an inbox. */
  readonly keys: readonly Scope[]
  /** Undefined once closed: every call on a closed socket throws. */
  ws: Socket | undefined
  /** The position that its visibility begins at; it is caught up from there unless its cursor cannot be honoured. */
  start = 0
  /** During catch-up: the position up to which it has been sent everything. */
  reached: number | undefined
  /** Position at which it went live: subscribed, gets events by publish. Before that, undefined, it is being caught up. */
  liveAt: number | undefined
  /** Position of the newest ping that asked for a delivered mark. */
  pinged = 0
  /** Messages that it was sent and has not confirmed; undefined when there are none. */
  delivered: Delivered | undefined
  /** Frames that need a look-up are handled one after the other, in the order in which they came. */
  handling: Promise<unknown> = idle
  /** How many of them wait. */
  waiting = 0
  /** Resolves the wait for room in the send buffer. */
  onDrain: (() => void) | undefined
  #seenAlerts: Set<number> | undefined

  constructor(identity: Identity, cursor: number | undefined) {
    const { kind, session } = identity
    this.identity = identity
    this.cursor = cursor
    this.visibility = new Visibility(scopesOf(identity))
    const { fixed } = this.visibility
    this.keys = kind === 'inbox' && session ? [...fixed, `account:${session.accountId}`] : fixed
    if (kind === 'inbox' && cursor === undefined) this.#seenAlerts = new Set()
  }

  /** Whether its confirmations move delivered marks: those of accounts, and into an inbox only the object's own. */
  get marks(): boolean {
    return this.identity.kind === 'stream' || this.identity.object?.tokenId !== undefined
  }

  get live(): boolean {
    return this.liveAt !== undefined
  }

  /**
   * Whether an entry of one of its scopes is for this client during catch-up. A first look into an inbox shows each alert once and no
   * receipts; an alert to all is not for objects that were made after it.
   */
  accepts(entry: Entry): boolean {
    if (entry.frame === undefined || !this.visibility.shows(entry) || !this.wasTargeted(entry)) return false
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

  goLive(position: number): void {
    this.liveAt = position
    this.#seenAlerts = undefined
  }
}

function scopesOf({ session, object, kind }: Identity): Scope[] {
  if (kind === 'inbox' && object) return [`object:${object.id}`, 'objects']
  return session ? accountScopes(session.accountId, session.role) : []
}
