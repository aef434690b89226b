import { checkedBase, socketAddress } from './address.ts'
import { Connection } from './connection.ts'
import { Inbound, isPosition } from './inbound.ts'
import { report } from './report.ts'
import type { FollowOptions, Frame, StreamProblem, StreamState } from './types.ts'

export interface Endpoint {
  /** Of the WebSocket. */
  path: string
  /** What the token may read when it may open the WebSocket, with a query. */
  refusalPath: string
  opened(follower: Follower): void
  /** A frame that is none of those that both endpoints have. */
  received(follower: Follower, frame: Frame, socket: number): void
  answered?(follower: Follower, socket: number): void
}

export interface Follower {
  readonly base: string
  readonly state: StreamState
  readonly connection: Connection
  readonly inbound: Inbound
  problem(problem: StreamProblem): void
  close(): void
}

/** What the stream and an inbox do alike. @throws TypeError when an option cannot be used */
export function follow(options: FollowOptions & { token: string }, endpoint: Endpoint): Follower {
  const { token, onReset, onState, onProblem } = options
  const base = checkedBase(options.url, token)
  const inbound = new Inbound({
    cursor: options.cursor,
    onFull: () => connection.hold(),
    onRoom: () => connection.release(),
  })
  const connection = new Connection({
    address: () => socketAddress(base, endpoint.path, inbound.received),
    token,
    refusalUrl: base + endpoint.refusalPath,
    opened: () => endpoint.opened(follower),
    received(frame, socket) {
      const { type, position, reason, code, detail } = frame
      if (type === 'error') follower.problem({ code: String(code), detail: String(detail) })
      else if (type !== 'reset') endpoint.received(follower, frame, socket)
      else if (isPosition(position)) {
        const reset = { position, reason: String(reason) }
        inbound.reset(position, onReset ? () => onReset(reset) : () => report('events may be missing', reset))
      }
    },
    answered: (socket) => endpoint.answered?.(follower, socket),
    onState(state) {
      if (state.phase === 'ended') inbound.close()
      onState?.(state)
    },
  })
  const follower: Follower = {
    base,
    connection,
    inbound,
    get state() {
      return connection.state
    },
    problem(problem) {
      try {
        if (!connection.ended) onProblem?.(problem)
      } catch (error) {
        report('onProblem failed', error)
      }
    },
    close() {
      connection.end()
      inbound.close()
    },
  }
  void begin(follower)
  return follower
}

async function begin({ connection, inbound }: Follower): Promise<void> {
  // Nobody is called before the caller has what `follow` returns.
  await undefined
  if (connection.ended) return
  try {
    await inbound.load()
    connection.release()
  } catch (error) {
    report('there is no cursor to begin with', error)
    connection.end('client')
  }
}
