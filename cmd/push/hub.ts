import type { LogEvent, Scope } from '#internal/events/event'
import { conversationScope } from '#internal/events/scope'
import type { Effect } from '#internal/stream/visibility'
import type { Metrics } from '#internal/telemetry/metrics'
import { recordSpan, SpanKind } from '#internal/telemetry/tracing'
import type { Client } from './client.ts'
import { type Entry, entryOf } from './entry.ts'
import { Registry } from './registry.ts'
import { type Close, Revocations } from './revocations.ts'
import { Ring } from './ring.ts'
import type { TemplatedApp } from './uws.ts'

export interface HubOptions {
  metrics: Metrics
  /** The log's position that the first event handed to `dispatch` comes after. */
  position: number
  ringBytes: number
  /** Told of entries that went out: their delivery must be confirmed. */
  onPublished: (entry: Entry) => void
}

/**
 * The local end of the log: takes events in position order, keeps the newest ones and hands each to the sockets that may see it.
 * Everything in here is synchronous, so nobody sees it between two events.
 */
export class Hub {
  readonly clients = new Registry()
  readonly ring: Ring
  readonly #options: HubOptions
  readonly #revocations = new Revocations(this.clients)
  #app: TemplatedApp | undefined
  #position: number
  #withdrawals = 0
  #leaving: (() => Close) | undefined
  #waiting: { position: number; resolve: () => void }[] = []

  constructor(options: HubOptions) {
    this.#options = options
    this.#position = options.position
    // Whoever compares it with the log must not take an idle process for one that is behind.
    options.metrics.pushPosition.set(options.position)
    this.ring = new Ring(options.ringBytes, options.position)
  }

  /** Position of the last event handed over. */
  get position(): number {
    return this.#position
  }

  /** How many topics ceased to be public so far. */
  get withdrawals(): number {
    return this.#withdrawals
  }

  /** Gives the hub its sockets. */
  attach(app: TemplatedApp): void {
    this.#app = app
  }

  /** Events must follow the last ones without a gap. One call is one turn: uWebSockets.js then writes once per socket. */
  dispatch(events: LogEvent[]): void {
    const { metrics, onPublished } = this.#options
    const now = Date.now()
    for (const event of events) {
      if (event.position <= this.#position) continue
      const entry = entryOf(event)
      this.#position = event.position
      this.ring.add(entry)
      if (entry.frame !== undefined && this.clients.in(entry.scope).size > 0) {
        this.#publish(entry, entry.frame)
        onPublished(entry)
        metrics.deliverySeconds.observe({ event: entry.event }, Math.max(0, now - entry.at.getTime()) / 1000)
        recordSpan(`push ${entry.event}`, entry.traceparent, SpanKind.CONSUMER, { 'belfry.position': entry.position })
      }
      if (entry.change) this.#follow(entry)
      this.#revocations.apply(event)
    }
    metrics.pushEvents.inc(events.length)
    metrics.pushPosition.set(this.#position)
    this.#wake()
  }

  /** From here on nobody is let in: events cease to come. Who is just being looked up is closed in this way. */
  leave(close: () => Close): void {
    this.#leaving = close
  }

  /** Lets a client in, unless what it came with has ended while it was looked up: then it must be closed in this way. */
  admit(client: Client): Close | undefined {
    const close = this.#leaving?.() ?? this.#revocations.closeOf(client)
    if (!close) this.clients.add(client)
    return close
  }

  /** Subscribes a caught-up client. From here on it gets what `dispatch` publishes. */
  goLive(client: Client): void {
    client.goLive(this.#position)
    for (const scope of client.visibility.scopes) this.#open(client, scope)
  }

  /** Shows the client a scope that everybody may see, from now on. */
  watch(client: Client, scope: Scope): void {
    this.#effect(client, client.visibility.watch(scope, this.#position))
  }

  unwatch(client: Client, scope: Scope): void {
    this.#effect(client, client.visibility.unwatch(scope))
  }

  /** Resolves when the hub has got as far as `position`. */
  reached(position: number): Promise<void> {
    if (this.#position >= position) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ position, resolve }))
  }

  #publish(entry: Entry, frame: string): void {
    if (entry.directoryVersion === undefined || !this.clients.hasObjectsYoungerThan(entry.directoryVersion)) {
      this.#app?.publish(entry.scope, frame)
      return
    }
    for (const client of this.clients.in(entry.scope))
      if (client.live && client.wasTargeted(entry)) client.ws?.send(frame)
  }

  /** Who is live sees from here on what the entry lets it see. Who is being caught up comes to this entry by itself. */
  #follow({ change, position, scope }: Entry): void {
    if (!change) return
    const withdrawn = change.kind === 'withdrawn'
    if (withdrawn) this.#withdrawals++
    for (const client of [...this.clients.in(withdrawn ? conversationScope(change.conversationId) : scope)])
      if (client.live && client.identity.kind === 'stream')
        this.#effect(client, client.visibility.apply({ position, scope, change }))
  }

  #effect(client: Client, effect: Effect | undefined): void {
    if (!effect || !client.live) return
    if ('opened' in effect) this.#open(client, effect.opened)
    else {
      client.ws?.unsubscribe(effect.closed)
      this.clients.leave(client, effect.closed)
    }
  }

  #open(client: Client, scope: Scope): void {
    if (!client.ws) return
    client.ws.subscribe(scope)
    this.clients.join(client, scope)
  }

  #wake(): void {
    if (this.#waiting.length === 0) return
    const due = this.#waiting.filter(({ position }) => position <= this.#position)
    this.#waiting = this.#waiting.filter(({ position }) => position > this.#position)
    for (const { resolve } of due) resolve()
  }
}
