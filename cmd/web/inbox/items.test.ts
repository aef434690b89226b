import { strict as assert } from 'node:assert'
import type { InboxItem } from '../api/views.ts'
import { cursorOf, inOrder, isCall, itemsOf, withAlert, withReceipt } from './items.ts'

const at = '2026-06-01T12:00:00.000Z'
const stored = (id: number, position: number, acknowledged_at: string | null = null): InboxItem => ({
  id,
  text: `Alert ${id}`,
  severity: 'warning',
  created_at: at,
  position,
  delivered_at: at,
  read_at: acknowledged_at,
  acknowledged_at,
})
const alert = (id: number, position: number) =>
  ({ id, text: `Alert ${id}`, severity: 'warning', created_at: at, position }) as const
const receipt = (alert_id: number, read_at: string | null, acknowledged_at: string | null) => ({
  alert_id,
  delivered_at: at,
  read_at,
  acknowledged_at,
  position: 99,
})

describe('an inbox', () => {
  const items = itemsOf([stored(1, 10), stored(2, 20, at)])

  it('has the newest first, and goes on after the last', () => {
    assert.deepEqual(
      inOrder(withAlert(items, alert(3, 30))).map(({ id }) => id),
      [3, 2, 1],
    )
    assert.equal(cursorOf(items), 20)
    assert.equal(cursorOf(itemsOf([])), undefined)
  })

  it('has an alert once, whatever is told twice', () => {
    const once = withAlert(items, alert(3, 30))
    assert.equal(withAlert(once, alert(3, 30)), once)
    assert.equal(withAlert(items, alert(1, 10)), items)
  })

  it('calls for what is new and what was sent again, but not for what is acknowledged', () => {
    const again = withAlert(items, alert(1, 31))
    assert.equal(again.size, 2)
    assert.equal(again.get(1)!.sent_again, 31)
    assert.ok(isCall(items, again, 1))
    assert.ok(!isCall(items, withAlert(items, alert(2, 32)), 2))
    assert.ok(isCall(items, withAlert(items, alert(3, 30)), 3))
  })

  it('shows what the server has confirmed, and keeps the first time', () => {
    const later = '2026-06-01T13:00:00.000Z'
    const read = withReceipt(items, receipt(1, at, null))
    const acknowledged = withReceipt(read, receipt(1, later, later))
    assert.deepEqual([acknowledged.get(1)!.read_at, acknowledged.get(1)!.acknowledged_at], [at, later])
    assert.equal(withReceipt(acknowledged, receipt(1, at, null)), acknowledged)
    assert.equal(withReceipt(items, receipt(7, at, at)), items)
  })
})
