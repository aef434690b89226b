import assert from 'node:assert/strict'
import type { Follower } from '../clients/followers.ts'
import type { AlertWrite } from '../record/alerts.ts'
import { type FrameRow, fingerprintOfEvent, fingerprintOfInbox, kinds } from '../record/frames.ts'
import { bodyOf, fates, type Write, Writes } from '../record/writes.ts'
import { Findings } from '../system/findings.ts'
import type { Step, World } from '../world/world.ts'
import type { LogRow } from './log-row.ts'
import { reconcile } from './reconcile.ts'
import { loadRecording } from './recording.ts'

const startedAt = Date.parse('2030-01-01T00:00:00Z')
const at = (ms: number) => new Date(startedAt + ms).toISOString()
const [room, thing, other] = [7, 1, 2]

/** A small run: Ada and Bob are in a conversation, Cyd joins and leaves it, an object gets two alerts. Everything is right. */
class Run {
  readonly writes: Write[] = []
  readonly alerts: AlertWrite[] = []
  readonly steps: Step[] = []
  readonly log: LogRow[] = []
  readonly frames: Record<string, FrameRow[]> = { ada: [], bob: [], cyd: [], inbox: [] }
  #now = 1000

  constructor() {
    for (const account of [1, 2])
      this.event(`account:${account}`, 'conversation.joined', { conversation: { id: room } })
    for (const name of Object.keys(this.frames)) this.connect(name, 2)
  }

  /** Adds to the log, and to what those got who are named. */
  event(scope: string, event: string, data: object, names: string[] = []): LogRow {
    const row = { position: this.log.length + 1, scope, event, at: at(this.#now), data }
    this.log.push(row)
    this.#now += 100
    for (const name of names) this.get(name, row)
    return row
  }

  get(name: string, row: LogRow): void {
    const b = name === 'inbox' ? fingerprintOfInbox(row.data) : fingerprintOfEvent(row)
    this.frames[name]!.push({ kind: kinds.event, a: row.position, b, at: this.#now })
  }

  connect(name: string, cursor: number): void {
    this.frames[name]!.push(
      { kind: kinds.connect, a: cursor, b: 0, at: this.#now },
      { kind: kinds.opened, a: 0, b: 0, at: this.#now + 10 },
    )
    this.#now += 100
  }

  live(name: string): void {
    this.frames[name]!.push({ kind: kinds.live, a: this.log.length, b: 0, at: this.#now })
  }

  say(name: string, a: number, b: number): void {
    this.frames[name]!.push({ kind: kinds.said, a, b, at: this.#now })
    this.#now += 100
  }

  message(names: string[], fate: number = fates.acknowledged): LogRow {
    const [n, seq] = [this.writes.length, this.log.filter(({ event }) => event === 'message.posted').length + 1]
    const sentAt = this.#now - 50
    this.writes.push({ room, account: 0, fate, seq, id: seq + 100, sentAt, answeredAt: this.#now })
    const body = bodyOf(0, n, sentAt)
    const data = { id: seq + 100, conversation_id: room, seq, author: 'ada', body }
    return this.event(`conversation:${room}`, 'message.posted', data, names)
  }

  cyd(kind: Step['kind']): void {
    const sentAt = this.#now
    const data = kind === 'joined' ? { conversation: { id: room } } : { conversation_id: room, reason: 'left' }
    this.event('account:3', `conversation.${kind}`, data, ['cyd'])
    this.steps.push({ account: 2, room, kind, sentAt, answeredAt: this.#now })
    this.#now += 100
  }

  alert(to: number[], names: string[]): void {
    const id = this.alerts.length + 1
    const text = `alert ${id}`
    this.alerts.push({ text, to, id, count: to.length, sentAt: this.#now, answeredAt: this.#now })
    this.event('alerts', 'alert.raised', { id, text, number_of_objects_receiving_alert: to.length })
    for (const object of to) this.event(`object:${object}`, 'alert.raised', { id, text, severity: 'info' }, names)
  }

  receipt(username: string, kind: string, after: number, upTo: number, names = ['ada', 'bob']): LogRow {
    const data = { conversation_id: room, username, kind, after_seq: after, up_to_seq: upTo, at: at(this.#now) }
    return this.event(`conversation:${room}`, 'receipt.advanced', data, names)
  }

  /** What the reconciler finds wrong, by kind. */
  async findings(): Promise<string[]> {
    const findings = new Findings()
    const person = (id: number, name: string) => ({ id, name, token: '', role: 'member' as const })
    const rooms = [{ id: room, kind: 'topic' as const, isPublic: true, owner: 0, stable: [0, 1], churners: [2] }]
    const things = [thing, other].map((id) => ({ id, token: '', sentAt: 0, answeredAt: 0, attended: true }))
    const place = { startedAt, seed: 1, directory: '', apiPorts: [], pushPorts: [] }
    const people = [person(1, 'ada'), person(2, 'bob'), person(3, 'cyd')]
    const world: World = { ...place, people, rooms, things }
    const followers = Object.entries(this.frames).map(([name, rows], account) => {
      const follower: Follower =
        name === 'inbox'
          ? { kind: 'inbox', name, path: '', objectId: thing, own: true }
          : { kind: 'stream', name, path: '', account }
      return { follower, recording: loadRecording(name, rows, findings) }
    })
    const { alerts, steps, log } = this
    await reconcile({ world, writes: [Writes.of(this.writes)], alerts, steps, followers }, log, findings)
    return [...findings.counts.keys()]
  }
}

/** Messages before, during and after Cyd's stay, receipts and alerts. */
function aRun(): Run {
  const run = new Run()
  run.message(['ada', 'bob'])
  run.cyd('joined')
  run.message(['ada', 'bob', 'cyd'])
  run.alert([thing], ['inbox'])
  run.alert([other], [])
  run.receipt('bob', 'delivered', 0, 1, ['ada', 'bob', 'cyd'])
  run.say('bob', room, 2)
  run.receipt('bob', 'read', 0, 2, ['ada', 'bob', 'cyd'])
  run.cyd('left')
  run.message(['ada', 'bob'])
  for (const name of ['ada', 'bob', 'cyd']) run.live(name)
  return run
}

describe('the reconciler of npm run prove', () => {
  const finds = async (kind: string, harm: (run: Run) => void) => {
    const run = aRun()
    harm(run)
    const found = await run.findings()
    assert.ok(found.includes(kind), `${kind} is not among ${found.join()}`)
  }
  const frameAt = (run: Run, name: string, index: number) =>
    run.frames[name]!.findIndex(({ kind }) => kind === kinds.event) + index

  it('finds nothing wrong where nothing is', async () => {
    assert.deepEqual(await aRun().findings(), [])
  })
  it('allows a write without an answer to have happened or not', async () => {
    const run = aRun()
    run.message(['ada', 'bob'], fates.unknown)
    run.writes.push({ room, account: 0, fate: fates.unknown, seq: 0, id: 0, sentAt: 5000, answeredAt: 5000 })
    assert.deepEqual(await run.findings(), [])
  })
  it('allows who is no member any more to come back and see its left alone, and demands that it sees no more', async () => {
    for (const isHidden of [true, false]) {
      const run = aRun()
      run.frames.cyd = []
      run.connect('cyd', 2)
      const own = run.log.filter(({ scope }) => scope === 'account:3')
      const posted = run.log.filter(({ event }) => event === 'message.posted')
      for (const row of isHidden ? own.slice(1) : [own[0]!, posted[1]!, own[1]!]) run.get('cyd', row)
      run.live('cyd')
      assert.deepEqual(await run.findings(), isHidden ? [] : ['not entitled'])
    }
  })
  it('finds a gap in positions', () => finds('gap', (run) => run.log.splice(3, 1)))
  it('finds an acknowledged message that is not in the log', () =>
    finds('lost', (run) => run.writes.push({ ...run.writes[2]!, seq: 4, id: 104 })))
  it('finds a message that is in the log twice', () =>
    finds('repeated', (run) => {
      const data = { ...run.log[2]!.data, seq: 4, id: 104 }
      run.event(`conversation:${room}`, 'message.posted', data)
    }))
  it('finds a message that nobody wrote', () => finds('never written', (run) => run.writes.pop()))
  it('finds a message that is not what was answered', () => finds('changed', (run) => (run.writes[1]!.seq = 3)))
  it('finds a message before one that was answered earlier', () =>
    finds('out of order', (run) => (run.writes[0]!.sentAt = run.writes[2]!.answeredAt + 1)))
  it('finds a frame that did not come', () => finds('lost', (run) => run.frames.bob!.splice(frameAt(run, 'bob', 1), 1)))
  it('finds the last frame missing', () => finds('lost', (run) => run.frames.bob!.splice(-2, 1)))
  it('finds a frame that came twice', () =>
    finds('repeated', (run) =>
      run.frames.bob!.splice(frameAt(run, 'bob', 1), 0, run.frames.bob![frameAt(run, 'bob', 0)]!),
    ))
  it('finds a frame that came again after a reconnection', () =>
    finds('repeated', (run) => {
      const last = run.frames.bob!.findLast(({ kind }) => kind === kinds.event)!
      run.connect('bob', last.a)
      run.frames.bob!.push(last)
    }))
  it('finds frames that changed places', () =>
    finds('out of order', (run) => {
      const [first] = run.frames.bob!.splice(frameAt(run, 'bob', 0), 1)
      run.frames.bob!.splice(frameAt(run, 'bob', 1), 0, first!)
    }))
  it('finds a frame with other content than the log has', () =>
    finds('changed', (run) => (run.frames.bob![frameAt(run, 'bob', 0)]!.b ^= 1)))
  it('finds a frame from before the account was a member', () =>
    finds('not entitled', (run) => {
      const { position: a } = run.log.find(({ event }) => event === 'message.posted')!
      run.frames.cyd!.splice(2, 0, { ...run.frames.bob![frameAt(run, 'bob', 0)]!, a })
    }))
  it('finds a frame from after the account was a member', () =>
    finds('not entitled', (run) => run.frames.cyd!.splice(-1, 0, run.frames.bob!.at(-2)!)))
  it('finds an alert in the inbox of another object', () =>
    finds('not entitled', (run) => run.alert([other], ['inbox'])))
  it('finds an alert that did not come', () =>
    finds('lost', (run) => {
      run.alert([thing], [])
      run.alert([thing], ['inbox'])
    }))
  it('finds an acknowledged alert that is not in the log', () =>
    finds('lost', (run) => run.alerts.push({ ...run.alerts[0]!, text: 'alert 3' })))
  it('finds a message delivered that never came', () =>
    finds('ahead of truth', (run) => run.receipt('cyd', 'delivered', 2, 3)))
  it('finds a message delivered before it came', () =>
    finds('ahead of truth', (run) => (run.frames.bob![frameAt(run, 'bob', 0)]!.at += 60_000)))
  it('finds a message read that nobody said to have read', () =>
    finds('ahead of truth', (run) => run.receipt('bob', 'read', 2, 3)))
  it('finds a message delivered twice', () => finds('repeated', (run) => run.receipt('bob', 'delivered', 0, 1)))
  it('finds a roll-call that counts more than what came', () =>
    finds('ahead of truth', (run) => {
      const counts = { targeted: 1, delivered: 1, read: 0, acknowledged: 0 }
      run.event('alerts', 'alert.receipt_advanced', { alert_id: 2, counts })
    }))
  it('finds a membership that was not asked for', () =>
    finds('membership', (run) => run.event('account:3', 'conversation.joined', { conversation: { id: room } })))
  it('finds a membership that was answered and is not in the log', () =>
    finds('lost', (run) => run.steps.push({ account: 2, room, kind: 'joined', sentAt: 9000, answeredAt: 9001 })))
})
