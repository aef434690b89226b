import assert from 'node:assert/strict'
import { missingSettings } from './channel-settings.ts'
import { mailText, smsText, subjectOf } from './content.ts'
import { judge, patienceMs } from './retry.ts'
import { aMessage } from './testing.ts'

describe('what a delivery says', () => {
  it('is one line in a subject', () => {
    const text = ' a\r\nb\u2028c\u0085\td\0 '
    assert.equal(subjectOf({ severity: 'info', text }), '[Info] a b c d')
    assert.equal(subjectOf({ severity: 'warning', text: '🔥'.repeat(200) }), `[Warning] ${'🔥'.repeat(59)}…`)
  })
  it('is the whole text in an e-mail, and what fits in an SMS', () => {
    const text = 'x'.repeat(4000)
    assert.ok(mailText(aMessage({ text })).startsWith(`${text}\n\n-- \n`))
    assert.equal(smsText({ severity: 'info', text }).length, 1600)
    assert.equal(smsText({ severity: 'critical', text: 'fire' }), 'CRITICAL: fire')
  })
})

describe('the settings of a channel', () => {
  it('are missing as long as one is', () => {
    assert.deepEqual(missingSettings('email', {}), ['SMTP_URL', 'MAIL_FROM'])
    assert.deepEqual(missingSettings('email', { SMTP_URL: 'x', MAIL_FROM: 'y' }), [])
    assert.deepEqual(missingSettings('sms', {}), ['SMS_URL'])
    assert.deepEqual(missingSettings('sms', { SMS_PROVIDER: 'twilio', SMS_URL: 'x' }), [
      'SMS_FROM',
      'SMS_ACCOUNT',
      'SMS_TOKEN',
    ])
    assert.deepEqual(missingSettings('webhook', { WEBHOOK_URL: 'x' }), ['WEBHOOK_SECRET'])
  })
})

describe('after an attempt', () => {
  const rules = { attempts: 3, baseMs: 1000, maxMs: 60_000 }
  const failed = { kind: 'failed', error: 'x' } as const

  it('that failed there is another, later each time, until there were enough', () => {
    for (let i = 0; i < 50; i++) {
      const [first, second] = [judge(failed, 1, 0, rules), judge(failed, 2, 0, rules)] as { inMs: number }[]
      assert.ok(first!.inMs >= 500 && first!.inMs <= 1000, `${first!.inMs}`)
      assert.ok(second!.inMs >= 1000 && second!.inMs <= 2000, `${second!.inMs}`)
    }
    assert.deepEqual(judge(failed, 3, 0, rules), { kind: 'dead', error: 'x (after 3 attempts)' })
  })
  it('that was refused there is none', () => {
    assert.deepEqual(judge({ kind: 'refused', error: 'x' }, 1, 0, rules), { kind: 'dead', error: 'x' })
  })
  it('the next one waits as long as it was asked to', () => {
    const verdict = judge({ ...failed, retryAfterMs: 9000 }, 1, 0, rules)
    assert.deepEqual(verdict, { kind: 'again', error: 'x', inMs: 9000, counts: true })
  })
  it('that came too early the next one does not count, for a day', () => {
    const throttled = { kind: 'throttled', error: 'x', retryAfterMs: 50 } as const
    assert.deepEqual(judge(throttled, 3, patienceMs - 1, rules), { kind: 'again', error: 'x', inMs: 50, counts: false })
    assert.equal(judge(throttled, 3, patienceMs, rules).kind, 'dead')
  })
})
