import { clockMs } from '../clock.ts'
import { serve, tell } from '../remote.ts'
import { dispatcherToken, inboxToken } from '../seed.ts'
import { positionIn } from './frames.ts'
import { Member, type Protocol } from './swarm-member.ts'

// A program that holds many WebSockets and counts every message that they get.

export interface OpenOptions {
  port: number
  protocol: Protocol
  /** Sockets to open; those of inboxes are for the objects `first` to `first + count - 1`. */
  first: number
  count: number
  source: string
  /** What inboxes are opened with. */
  cursor: number
  /** Connects and upgrades that are under way at once, at most. */
  inFlight: number
  /** Keeps every position and comes back with the last one when cut. */
  resume: boolean
}

const members: Member[] = []
const latencies: number[] = []
let total = 0
let reportEvery = Number.POSITIVE_INFINITY
let nextReport = Number.POSITIVE_INFINITY
let timed = false
let marker: { position: number; missing: Set<Member>; resolve: (at: number) => void } | undefined
const sentMark = Buffer.from('"t=')

function onEvent(member: Member, buffer: Buffer, start: number, end: number): void {
  const position = positionIn(buffer, start, end)
  if (position === 0) return
  member.take(position)
  if (timed) {
    const at = buffer.subarray(start, end).indexOf(sentMark)
    if (at >= 0)
      latencies.push(clockMs() - Number.parseFloat(buffer.toString('latin1', start + at + 3, start + at + 25)))
  }
  if (marker && position >= marker.position) reach(member)
  if (++total < nextReport) return
  nextReport += reportEvery
  tell('received', total)
}

function reach(member: Member): void {
  marker!.missing.delete(member)
  if (marker!.missing.size > 0) return
  marker!.resolve(clockMs())
  marker = undefined
}

function credentialsOf(protocol: Protocol, objectId: number): { path: string; headers: string } {
  if (protocol === 'inbox')
    return { path: `/inbox/${objectId}`, headers: `Authorization: Bearer ${inboxToken(objectId)}\r\n` }
  if (protocol === 'stream') return { path: '/api/v1/stream', headers: `Authorization: Bearer ${dispatcherToken}\r\n` }
  return { path: protocol === 'socket.io' ? '/socket.io/?EIO=4&transport=websocket' : '/', headers: '' }
}

const handlers = {
  /** Resolves when all are open and, where the protocol says so, live. */
  async open({ inFlight, first, count, ...options }: OpenOptions): Promise<void> {
    const opened = Array.from({ length: count }, (_, i) => {
      return new Member({ ...options, ...credentialsOf(options.protocol, first + i), objectId: first + i, onEvent })
    })
    members.push(...opened)
    Member.limit = inFlight
    await Promise.all(opened.map((member) => member.open()))
  },
  /** From now on tells `received` with the total after every so many messages. */
  count({ every }: { every: number }): void {
    total = 0
    reportEvery = every
    nextReport = every
    for (const member of members) member.forget()
  },
  received: () => ({ total, ends: Member.ends }),
  /** Whether each socket has exactly the positions from `first` to `last`, in order. Returns what is wrong, at most one line. */
  checkDense({ first, last }: { first: number; last: number }): string {
    const wrong = members.filter((member) => !member.hasDense(first, last))
    return wrong.length === 0 ? '' : `${wrong.length} sockets lack or repeat positions: ${wrong[0]!.describe()}`
  },
  /** Compares each socket's positions with what its object must have got. */
  checkExactly({ toAll, own, upTo }: { toAll: number[]; own: Record<number, number[]>; upTo: number }) {
    const sum = { lost: 0, repeated: 0, disordered: 0, checked: 0 }
    for (const member of members) {
      const expected = [...toAll, ...(own[member.objectId] ?? []).filter((position) => position <= upTo)]
      const found = member.compare(expected)
      sum.checked += expected.length
      sum.lost += found.lost
      sum.repeated += found.repeated
      sum.disordered += found.disordered
    }
    return sum
  },
  /** Resolves with the time at which the last socket had got `position` or a later one. */
  reached: ({ position }: { position: number }) =>
    new Promise<number>((resolve) => {
      const missing = new Set(members.filter((member) => member.last < position))
      if (missing.size === 0) return resolve(clockMs())
      marker = { position, missing, resolve }
    }),
  /** Starts to note how old each message is that says when it was sent. */
  time(): void {
    timed = true
    latencies.length = 0
  },
  latencies: () => latencies,
}

export type Swarm = typeof handlers
serve(handlers)
