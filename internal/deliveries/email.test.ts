import assert from 'node:assert/strict'
import type { Sender } from './delivery.ts'
import { createEmail } from './email.ts'
import { aMessage, startTestSmtp, type TestSmtp } from './testing.ts'

const from = 'Belfry <alerts@belfry.example>'

describe('alerts by e-mail', () => {
  let smtp: TestSmtp
  let email: Sender
  beforeEach(async () => {
    smtp = await startTestSmtp()
    email = createEmail({ url: smtp.url, from, connections: 2 })
  })
  afterEach(async () => {
    email.close()
    await smtp.stop()
  })

  const send = (fields = {}, ms = 2000) => email.send(aMessage(fields), AbortSignal.timeout(ms))

  it('say how urgent they are, what is wrong, and where that comes from', async () => {
    const due = new Date('2026-01-01T01:00:00Z')
    assert.deepEqual(await send({ acknowledge_by: due }), { kind: 'sent' })
    const [{ from: sender, to, source }] = smtp.mails as [(typeof smtp.mails)[0]]
    assert.deepEqual([sender, to], ['alerts@belfry.example', 'bob@example.com'])
    for (const line of [
      'From: Belfry <alerts@belfry.example>',
      'To: bob@example.com',
      'Subject: [CRITICAL] The boiler is on fire',
      'Message-ID: <belfry-7-3-0-email-abc@belfry.example>',
      'X-Priority: 1 (Highest)',
      'Auto-Submitted: auto-generated',
      'X-Belfry-Alert: 7',
      'Content-Type: text/plain; charset=utf-8',
      'The boiler is on fire',
      'Alert 7, raised by dora at 2026-01-01T00:00:00.000Z.',
      'To be acknowledged by 2026-01-01T01:00:00.000Z.',
    ])
      assert.ok(source.split('\r\n').includes(line), `${line} in\n${source}`)
  })

  it('cannot be given headers or recipients by what they say, and stay plain text', async () => {
    const text =
      'a\r\nBcc: eve@example.com\r\n\r\n<b>bold</b>\u2028\u0085X: y\u{1f525}\r\n.\r\nRCPT TO:<eve@example.com>'
    assert.deepEqual(await send({ text, email: 'bob@example.com' }), { kind: 'sent' })
    const [mail] = smtp.mails
    const head = mail!.source.slice(0, mail!.source.indexOf('\r\n\r\n'))
    assert.equal(mail!.to, 'bob@example.com')
    assert.doesNotMatch(head, /^(bcc|x):/im)
    assert.match(head, /^Content-Type: text\/plain/m)
    assert.equal(smtp.mails.length, 1)
  })

  it('use one connection for many, and log in where the server wants it', async () => {
    const guarded = await startTestSmtp('ada')
    const own = createEmail({ url: guarded.url, from, connections: 2 })
    for (let i = 0; i < 5; i++) assert.equal((await own.send(aMessage(), AbortSignal.timeout(2000))).kind, 'sent')
    assert.equal(guarded.connections, 1)
    own.close()
    await guarded.stop()
  })

  it('are refused for good by a 5xx to the recipient', async () => {
    smtp.mood = 550
    const outcome = await send()
    assert.equal(outcome.kind, 'refused')
    assert.match((outcome as { error: string }).error, /550 Not now, or not here/)
  })

  it('may come through later after a 4xx, a wrong password, no answer, a cut connection, or nobody there', async () => {
    smtp.mood = 451
    assert.equal((await send()).kind, 'failed')
    smtp.mood = 'stall'
    assert.deepEqual(await send({}, 100), { kind: 'failed', error: 'The mail server did not answer in time.' })
    smtp.mood = 'drop'
    assert.equal((await send()).kind, 'failed')
    smtp.mood = 'accept'
    assert.equal((await send()).kind, 'sent')
    const guarded = await startTestSmtp('ada')
    const stranger = createEmail({ url: guarded.url.replace('secret', 'wrong'), from, connections: 1 })
    assert.equal((await stranger.send(aMessage(), AbortSignal.timeout(2000))).kind, 'failed')
    await guarded.stop()
    assert.equal((await stranger.send(aMessage(), AbortSignal.timeout(2000))).kind, 'failed')
  })
})
