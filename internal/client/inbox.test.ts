import assert from 'node:assert/strict'
import { anObject } from '#cmd/push/testing'
import { raiseAlert } from '#internal/alerts/alert-store'
import { issueInboxToken } from '#internal/alerts/inbox-tokens'
import { removeObject } from '#internal/alerts/object-store'
import { systemClock } from '#internal/runtime/clock'
import { waitFor } from '#internal/testing/wait-for'
import {
  type Inbox,
  type InboxAlert,
  type InboxOptions,
  type InboxReceipt,
  openInbox,
  type Reset,
  type StreamProblem,
  type StreamState,
} from './index.ts'
import { startTestBelfry, type TestBelfry } from './testing.ts'

describe('the inbox of the client', () => {
  let belfry: TestBelfry
  let opened: Inbox[] = []
  before(async () => {
    belfry = await startTestBelfry()
  })
  afterEach(() => {
    for (const inbox of opened) inbox.close()
    opened = []
  })
  after(() => belfry.stop())

  const raise = (text: string, objectIds: number[]) =>
    raiseAlert(
      belfry.db,
      { text, severity: 'warning', alertAll: false, objectIds, acknowledgeBy: null, raisedBy: 'dora' },
      systemClock,
    )

  function open(object: { id: number; token: string }, options: Partial<InboxOptions> = {}) {
    const alerts: InboxAlert[] = []
    const receipts: InboxReceipt[] = []
    const resets: Reset[] = []
    const problems: StreamProblem[] = []
    const states: StreamState[] = []
    const inbox = openInbox({
      url: belfry.url,
      objectId: object.id,
      token: object.token,
      onAlert: (alert) => void alerts.push(alert),
      onReceipt: (receipt) => void receipts.push(receipt),
      onReset: (reset) => void resets.push(reset),
      onProblem: (problem) => problems.push(problem),
      onState: (state) => states.push(state),
      ...options,
    })
    opened.push(inbox)
    return {
      ...{ inbox, alerts, receipts, resets, problems, states },
      texts: () => alerts.map(({ text }) => text),
      until: (phase: StreamState['phase']) => waitFor(() => inbox.state.phase === phase, { what: phase }),
      got: (count: number) => waitFor(() => alerts.length === count, { what: `${count} alerts` }),
    }
  }
  const receipt = (alertId: number, objectId: number) =>
    belfry.db('alert_receipts').where({ alert_id: alertId, object_id: objectId }).first()

  it('hands over what is kept, then each new alert, once and in order across restarts', async () => {
    const bob = await anObject(belfry.database)
    const alert = await raise('one', [bob.id])
    const { inbox, alerts, texts, until, got } = open(bob)
    await got(1)
    await until('live')
    const { position, ...fields } = alerts[0]!
    const { id, text, severity, created_at } = alert
    assert.deepEqual(fields, { id, text, severity, created_at: created_at.toISOString() })
    assert.equal(inbox.cursor, position)
    await belfry.stopPush()
    await raise('two', [bob.id])
    await until('waiting')
    await belfry.startPush()
    await got(2)
    belfry.network.away()
    await raise('three', [bob.id])
    await belfry.network.back()
    await got(3)
    await raise('four', [bob.id])
    await got(4)
    assert.deepEqual(texts(), ['one', 'two', 'three', 'four'])
  })

  it('tells the server what was read and acknowledged, and hears the receipts', async () => {
    const bob = await anObject(belfry.database)
    const alert = await raise('act', [bob.id])
    const { inbox, receipts, got } = open(bob)
    await got(1)
    inbox.read(alert.id)
    await waitFor(() => receipts.length === 1, { what: 'the first receipt' })
    inbox.acknowledge(alert.id)
    await waitFor(() => receipts.length === 2, { what: 'the second receipt' })
    const [read, acknowledged] = receipts
    assert.deepEqual([read!.alert_id, read!.acknowledged_at], [alert.id, null])
    assert.ok(read!.read_at && acknowledged!.acknowledged_at)
    assert.equal(inbox.cursor, acknowledged!.position)
  })

  it('tells that it was acknowledged also when it is just telling that it was read', async () => {
    const bob = await anObject(belfry.database)
    const alert = await raise('act', [bob.id])
    const { inbox, receipts, got } = open(bob)
    await got(1)
    inbox.read(alert.id)
    inbox.acknowledge(alert.id)
    await waitFor(() => receipts.at(-1)?.acknowledged_at, { what: 'the acknowledgement' })
  })

  it('repeats that until the server knows, however long it is away', async () => {
    const bob = await anObject(belfry.database)
    const alerts = [await raise('a', [bob.id]), await raise('b', [bob.id])]
    const { inbox, receipts, states, until, got } = open(bob)
    await got(2)
    belfry.network.away()
    inbox.read(alerts[0]!.id)
    inbox.acknowledge(alerts[1]!.id)
    inbox.read(alerts[1]!.id)
    await waitFor(() => states.filter(({ phase }) => phase === 'waiting').length === 2, { what: 'two tries' })
    assert.equal((await receipt(alerts[0]!.id, bob.id))?.read_at ?? null, null)
    await belfry.network.back()
    await until('live')
    await waitFor(() => receipts.length === 2, { what: 'both receipts' })
    const [a, b] = [await receipt(alerts[0]!.id, bob.id), await receipt(alerts[1]!.id, bob.id)]
    assert.ok(a.read_at && !a.acknowledged_at)
    assert.ok(b.read_at && b.acknowledged_at)
  })

  it('is done with what was read elsewhere before, which causes no receipt', async () => {
    const bob = await anObject(belfry.database)
    const alert = await raise('act', [bob.id])
    const other = open(bob)
    await other.got(1)
    other.inbox.acknowledge(alert.id)
    await waitFor(() => other.receipts.length === 1, { what: 'the receipt' })
    const fresh = open(bob, { cursor: other.inbox.cursor! })
    fresh.inbox.acknowledge(alert.id)
    fresh.inbox.acknowledge(999_999)
    fresh.inbox.read(alert.id)
    const next = await raise('next', [bob.id])
    fresh.inbox.read(next.id)
    await waitFor(() => fresh.receipts.length === 1, { what: 'the receipt of the last' })
    assert.equal(fresh.receipts[0]!.alert_id, next.id)
    assert.deepEqual(
      fresh.problems.map(({ code }) => code),
      ['alert_not_found'],
    )
  })

  it('is told of a reset, and shown everything again', async () => {
    const bob = await anObject(belfry.database)
    await raise('one', [bob.id])
    const { resets, texts, got } = open(bob, { cursor: 999_999_999 })
    await got(1)
    assert.equal(resets[0]!.reason, 'cursor_ahead')
    assert.deepEqual(texts(), ['one'])
  })

  it('ends with its token, and with its object', async () => {
    const bob = await anObject(belfry.database)
    const first = open(bob)
    await first.until('live')
    const token = (await issueInboxToken(belfry.db, bob.id, systemClock))!
    await first.until('ended')
    assert.equal(first.inbox.state.reason, 'session')
    const second = open({ id: bob.id, token })
    await second.until('live')
    await removeObject(belfry.db, bob.id, systemClock)
    await second.until('ended')
    assert.equal(second.inbox.state.reason, 'session')
  })

  it('ends at once for who may not look: a wrong token, the token of another, a member, an unknown object', async () => {
    const [bob, eve] = [await anObject(belfry.database), await anObject(belfry.database)]
    const [dora, mia] = [await belfry.account('dora', 'dispatcher'), await belfry.account('mia')]
    for (const [id, token, reason] of [
      [bob.id, 'bx_nonsense', 'session'],
      [bob.id, eve.token, 'forbidden'],
      [bob.id, mia.token, 'forbidden'],
      [999_999, dora.token, 'forbidden'],
    ] as const) {
      const { inbox, states, until } = open({ id, token })
      await until('ended')
      assert.deepEqual([inbox.state.reason, states.length], [reason, 1])
    }
    assert.throws(() => open({ id: 0, token: dora.token }), TypeError)
  })
})
