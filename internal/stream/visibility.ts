import type { LogEvent, Scope } from '#internal/events/event'
import { accountScope, conversationOf, conversationScope } from '#internal/events/scope'

/** What an event says of who sees a conversation from its position on. */
export interface Change {
  /** The account whose scope the event has joined or left the conversation; or a topic is `withdrawn` from the public. */
  kind: 'joined' | 'left' | 'withdrawn'
  conversationId: number
}

/** What must be known of an event to tell whether an account sees it. */
export interface Placed {
  position: number
  scope: Scope
  change?: Change | undefined
}

/** A conversation's scope is seen, or not seen any more, from here on. */
export type Effect = { opened: Scope } | { closed: Scope }

/** Where an account's walk through the log begins. */
export interface Start {
  /** Conversations that it was a member of at that position. */
  members: readonly number[]
  /** Conversations that it is no member of now: how often it has joined and left each since that position. */
  gone: ReadonlyMap<number, number>
}

export function changeOf({ event, data }: Pick<LogEvent, 'event' | 'data'>): Change | undefined {
  if (event === 'conversation.joined') return { kind: 'joined', conversationId: JSON.parse(data).conversation.id }
  if (event === 'conversation.left') return { kind: 'left', conversationId: JSON.parse(data).conversation_id }
  if (event === 'topic.deleted') return { kind: 'withdrawn', conversationId: JSON.parse(data).id }
  return undefined
}

/** What an account sees at any position: its own events, news of public topics, and the alerts if it may dispatch. */
export function accountScopes(accountId: number, role: string): Scope[] {
  const own: Scope[] = [accountScope(accountId), 'topics']
  return role === 'member' ? own : [...own, 'alerts']
}

/**
 * What one reader of the log sees, at the place in the log where it is. Membership follows the log: a conversation is seen from the
 * event that says "joined" to the one that says "left". What the account is no member of now it does not see at all, not even what
 * was posted while it was one.
 */
export class Visibility {
  /** Seen at any position. */
  readonly fixed: readonly Scope[]
  // Most readers are in few conversations and watch nothing: what is not needed is not there.
  #members: Set<number> | undefined
  #gone: Map<number, number> | undefined
  /** Scopes that it asked to see, each with the position after which. */
  #watches: Map<Scope, number> | undefined

  constructor(fixed: readonly Scope[]) {
    this.fixed = fixed
  }

  begin({ members, gone }: Start): void {
    this.#members = members.length > 0 ? new Set(members) : undefined
    this.#gone = gone.size > 0 ? new Map(gone) : undefined
  }

  /** Whether it has got past all that was known at its start of conversations that it has left. */
  get settled(): boolean {
    return this.#gone === undefined
  }

  /** How many scopes it watches. */
  get watching(): number {
    return this.#watches?.size ?? 0
  }

  /** Every scope with something to see for it. */
  get scopes(): Scope[] {
    const scopes = [...this.fixed]
    if (this.#members) for (const id of this.#members) scopes.push(conversationScope(id))
    if (this.#watches) for (const scope of this.#watches.keys()) if (!this.#isMemberOf(scope)) scopes.push(scope)
    return scopes
  }

  isMember(conversationId: number): boolean {
    return this.#members?.has(conversationId) ?? false
  }

  /** Whether it sees an event of one of its scopes. Events are asked about and applied in the order of positions. */
  shows({ position, scope, change }: Placed): boolean {
    if (change?.kind === 'joined') return !this.#gone?.has(change.conversationId)
    if (this.#isMemberOf(scope)) return true
    if (conversationOf(scope) === undefined && !scope.startsWith('status:')) return true
    const since = this.#watches?.get(scope)
    return since !== undefined && position > since
  }

  /** Takes note of an event of its scopes. Returns what that opens or closes to it. */
  apply({ position, change }: Placed): Effect | undefined {
    if (!change) return undefined
    const { kind, conversationId } = change
    const scope = conversationScope(conversationId)
    if (kind === 'withdrawn') return this.#withdraw(scope, position)
    const left = this.#gone?.get(conversationId)
    if (left !== undefined) return this.#pass(conversationId, left)
    if ((kind === 'joined') === this.isMember(conversationId)) return undefined
    if (kind === 'left') this.#members?.delete(conversationId)
    else if (this.#members) this.#members.add(conversationId)
    else this.#members = new Set([conversationId])
    if (this.watches(scope)) return undefined
    return kind === 'joined' ? { opened: scope } : { closed: scope }
  }

  watches(scope: Scope): boolean {
    return this.#watches?.has(scope) ?? false
  }

  /** Sees the scope, whose events are public, from `position` on. */
  watch(scope: Scope, position: number): Effect | undefined {
    this.#watches ??= new Map()
    const before = this.#watches.has(scope)
    this.#watches.set(scope, position)
    return before || this.#isMemberOf(scope) ? undefined : { opened: scope }
  }

  unwatch(scope: Scope): Effect | undefined {
    if (!this.#watches?.delete(scope)) return undefined
    if (this.#watches.size === 0) this.#watches = undefined
    return this.#isMemberOf(scope) ? undefined : { closed: scope }
  }

  #withdraw(scope: Scope, position: number): Effect | undefined {
    const since = this.#watches?.get(scope)
    // One that is watched since then has become public again.
    return since !== undefined && since < position ? this.unwatch(scope) : undefined
  }

  #pass(conversationId: number, left: number): undefined {
    if (left > 1) this.#gone?.set(conversationId, left - 1)
    else this.#gone?.delete(conversationId)
    if (this.#gone?.size === 0) this.#gone = undefined
  }

  #isMemberOf(scope: Scope): boolean {
    const id = this.#members && conversationOf(scope)
    return id !== undefined && this.isMember(id)
  }
}
