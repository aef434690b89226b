import { follow } from './follow.ts'
import { isPosition } from './inbound.ts'
import type { FollowOptions, StreamState } from './types.ts'
import { type Watched, Watches } from './watches.ts'

/** docs/stream.md lists the events. */
export interface StreamEvent {
  position: number
  /** `account:7`, `conversation:3`, `alerts`, ... */
  scope: string
  /** `message.posted`, ... */
  event: string
  /** When, in ISO 8601. */
  at: string
  /** The fields that REST has as well. */
  data: unknown
}

export interface StreamOptions extends FollowOptions {
  /** A session token, an access JWT, or an API key with the scope `stream`. */
  token: string
  /**
   * Without a cursor the stream begins after this position: what REST answers from now on has everything up to it. Called once, before
   * any event, and they wait until it is done.
   */
  onHello?(position: number): void | Promise<void>
  /** One at a time, in order, each position once. One that fails gets it again twice, within seconds; then it is passed over. */
  onEvent(event: StreamEvent): void | Promise<void>
}

export interface Stream {
  readonly state: StreamState
  /** Everything up to here was dealt with. */
  readonly cursor: number | undefined
  /**
   * The events of a public topic without joining it, or the status of an account, from now on. Returns what ends it. Counted, and sent
   * again after each reconnection; what happened between two connections is not.
   */
  watch(what: Watched): () => void
  /** Dials now. Nothing after the end. */
  reconnect(): void
  /** For good; nothing is called after it. */
  close(): void
}

/**
 * Follows what the account may see, through restarts of the server, losses of the network and sleep.
 * @throws TypeError when `url`, `token` or `cursor` cannot be used
 */
export function openStream(options: StreamOptions): Stream {
  const { onEvent, onHello } = options
  const follower = follow(options, {
    path: '/api/v1/stream',
    refusalPath: '/api/v1/events?limit=1',
    opened: () => watches.sendAll(),
    received({ inbound, connection }, { type, position, scope, event, at, data }, socket) {
      if (!isPosition(position)) return
      if (type === 'event') {
        const one = { position, scope: String(scope), event: String(event), at: String(at), data }
        inbound.add(position, () => onEvent(one))
      } else if (type === 'live') inbound.reached(position, () => connection.live(socket))
      // Later, it says where the log is and not where we are.
      else if (type === 'hello' && inbound.received === undefined) inbound.add(position, () => onHello?.(position))
    },
  })
  const watches = new Watches((frame) => follower.connection.send(frame))
  return {
    get state() {
      return follower.state
    },
    get cursor() {
      return follower.inbound.handled
    },
    watch: (what) => watches.add(what),
    reconnect: () => follower.connection.dial(),
    close: () => follower.close(),
  }
}
