import assert from 'node:assert/strict'
import { partsOf, sourceOf, whyOf } from './words.ts'

describe('a dead letter', () => {
  it('is named by what it was', () => {
    assert.equal(sourceOf('delivery:sms'), 'SMS')
    assert.equal(sourceOf('audit'), 'Event for “audit”')
    assert.equal(whyOf('503'), 'It was answered with status 503.')
    assert.equal(whyOf('Error: no route'), 'Error: no route')
  })

  it('says what it stands for, and leads there', () => {
    assert.deepEqual(partsOf({ alert_id: 4, object_id: 7, channel: 'sms', round: 1 }), [
      { text: 'Alert 4', href: '~/alerts/4' },
      { text: 'Recipient #7', href: '/recipients/7' },
      { text: 'Resend 1' },
    ])
    assert.deepEqual(partsOf({ kind: 'read', conversation_id: 3, account_id: 2, seq: 9 }), [
      { text: 'kind read' },
      { text: 'conversation 3' },
      { text: 'account 2' },
      { text: 'seq 9' },
    ])
    assert.deepEqual(partsOf({ position: 12, scope: 'topics', event: 'topic.created', at: '2026-01-01T00:00:00Z' }), [
      { text: 'topic.created' },
      { text: 'Position 12' },
      { text: 'scope topics' },
    ])
  })
})
