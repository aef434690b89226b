import { Confirmations } from './confirmations.ts'
import { follow } from './follow.ts'
import { answerMs } from './heartbeat.ts'
import { isPosition } from './inbound.ts'
import type { FollowOptions, StreamState } from './types.ts'

export interface InboxAlert {
  /** The alert's. It may come again, at another position, when it was sent again. */
  id: number
  text: string
  severity: 'info' | 'warning' | 'critical'
  /** ISO 8601, like all times. */
  created_at: string
  position: number
}

export interface InboxReceipt {
  alert_id: number
  delivered_at: string | null
  read_at: string | null
  acknowledged_at: string | null
  position: number
}

export interface InboxOptions extends FollowOptions {
  objectId: number
  /** The inbox token of the object, or what a dispatcher logs in with. */
  token: string
  /** One at a time, in order, each position once. One that fails gets it again twice, within seconds; then it is passed over. */
  onAlert(alert: InboxAlert): void | Promise<void>
  /** An alert was read or acknowledged, here or elsewhere. In the same order as the alerts. */
  onReceipt?(receipt: InboxReceipt): void | Promise<void>
}

export interface Inbox {
  readonly state: StreamState
  /** Everything up to here was dealt with. */
  readonly cursor: number | undefined
  /** The person has read it. Repeated until the server has said that it knows. */
  read(alertId: number): void
  /** The person has acknowledged it, which includes read. Repeated likewise. */
  acknowledge(alertId: number): void
  /** Dials now. Nothing after the end. */
  reconnect(): void
  /** For good; nothing is called after it, and what is not confirmed yet is not repeated any more. */
  close(): void
}

/**
 * Follows the alerts of one object: without a cursor from the oldest that is kept.
 * @throws TypeError when `url`, `objectId`, `token` or `cursor` cannot be used
 */
export function openInbox(options: InboxOptions): Inbox {
  const { objectId, token, onAlert, onReceipt } = options
  if (!Number.isSafeInteger(objectId) || objectId < 1) throw new TypeError(`${objectId} is no id of an object.`)
  const path = `/inbox/${objectId}`
  const restPath = `/api/v1/objects/${objectId}/inbox`
  const follower = follow(
    {
      ...options,
      onState(state) {
        if (state.phase === 'ended') confirmations.close()
        if (state.phase === 'live') confirmations.now()
        options.onState?.(state)
      },
    },
    {
      path,
      refusalPath: `${restPath}?limit=1`,
      // No frame says where the backlog ends, so an inbox is live when it answers.
      opened: ({ connection }) => connection.ask(answerMs),
      answered: ({ inbound, connection }, socket) => inbound.reached(inbound.received, () => connection.live(socket)),
      received({ inbound }, frame) {
        const { type, position } = frame
        if (!isPosition(position)) return
        if (type === undefined) {
          const { id, text, severity, created_at } = frame as unknown as InboxAlert
          inbound.add(position, () => onAlert({ id, text, severity, created_at, position }))
        } else if (type === 'receipt') {
          const { alert_id, delivered_at, read_at, acknowledged_at } = frame as unknown as InboxReceipt
          inbound.add(position, () => onReceipt?.({ alert_id, delivered_at, read_at, acknowledged_at, position }))
        }
      },
    },
  )
  const confirmations = new Confirmations({
    url: follower.base + restPath,
    token,
    onProblem: (problem) => follower.problem(problem),
  })
  return {
    get state() {
      return follower.state
    },
    get cursor() {
      return follower.inbound.handled
    },
    read: (alertId) => confirmations.add(alertId, 'read'),
    acknowledge: (alertId) => confirmations.add(alertId, 'acknowledged'),
    reconnect: () => follower.connection.dial(),
    close() {
      confirmations.close()
      follower.close()
    },
  }
}
