import { strict as assert } from 'node:assert'
import type { StreamEvent } from '#internal/client/index'
import type { Alert } from '../api/views.ts'
import { missingOf, reduceCounts, sharesOf } from './counts.ts'
import { reduceAlerts, withAlert } from './list.ts'

const alert = (id: number): Alert => ({
  id,
  text: `Alert ${id}`,
  severity: 'info',
  alert_all: true,
  number_of_objects_receiving_alert: 10,
  acknowledge_by: null,
  channels: ['inbox'],
  escalates: null,
  created_at: '2026-06-01T12:00:00.000Z',
  raised_by: 'dora',
})
const event = (name: string, data: unknown): StreamEvent => ({
  position: 1,
  scope: 'alerts',
  event: name,
  at: '2026-06-01T12:00:00.000Z',
  data,
})
const ids = ({ items }: { items: Alert[] }) => items.map(({ id }) => id)

describe('the list of alerts', () => {
  const list = { items: [alert(5), alert(3)], next: 'more' }

  it('has a new alert at its head, once', () => {
    const raised = event('alert.raised', alert(6))
    const once = reduceAlerts(list, raised)
    assert.deepEqual(ids(once), [6, 5, 3])
    assert.equal(reduceAlerts(once, raised), once)
  })

  it('keeps the order of ids, whatever order events come in', () => {
    assert.deepEqual(ids(withAlert(list, alert(4))), [5, 4, 3])
  })

  it('leaves what is older than its last page to that page', () => {
    assert.equal(withAlert(list, alert(1)), list)
    assert.deepEqual(ids(withAlert({ ...list, next: null }, alert(1))), [5, 3, 1])
  })
})

describe('counts of a roll-call', () => {
  const counts = { targeted: 10, delivered: 6, read: 3, acknowledged: 1 }
  const advanced = (id: number, next: typeof counts) => event('alert.receipt_advanced', { alert_id: id, counts: next })

  it('move with the events of their alert alone', () => {
    const next = { ...counts, delivered: 7 }
    assert.deepEqual(reduceCounts(counts, advanced(7, next), 7), next)
    assert.equal(reduceCounts(counts, advanced(8, next), 7), counts)
  })

  it('do not go back to an event that REST has overtaken', () => {
    assert.equal(reduceCounts(counts, advanced(7, { ...counts, delivered: 5 }), 7), counts)
    assert.equal(reduceCounts(counts, advanced(7, { ...counts }), 7), counts)
  })

  it('say who is missing as the alert asks for it', () => {
    assert.equal(missingOf({ acknowledge_by: null }, counts), 4)
    assert.equal(missingOf({ acknowledge_by: '2026-06-01T12:00:00.000Z' }, counts), 9)
  })

  it('are shares that add up to everybody', () => {
    const shares = sharesOf(counts)
    assert.deepEqual(shares, { acknowledged: 1, read: 2, delivered: 3, unreached: 4 })
  })
})
