import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseRetryAfter } from './http.ts'
import { createSms } from './sms.ts'
import { aMessage, startTestHttp, type TestHttp } from './testing.ts'
import { createWebhook } from './webhook.ts'

describe('alerts by HTTP', () => {
  let http: TestHttp
  before(async () => {
    http = await startTestHttp()
  })
  beforeEach(() => {
    Object.assign(http, { mood: 'accept', headers: {}, posts: [], accepted: [] })
  })
  after(() => http.stop())

  const soon = () => AbortSignal.timeout(2000)
  const generic = (config = {}) => createSms({ SMS_PROVIDER: 'generic', SMS_URL: `${http.url}/sms?x=1`, ...config })
  const last = () => http.posts.at(-1)!

  it('as SMS have the documented shape', async () => {
    assert.deepEqual(await generic().send(aMessage(), soon()), { kind: 'sent' })
    assert.deepEqual([last().method, last().path], ['POST', '/sms?x=1'])
    assert.deepEqual(JSON.parse(last().body), {
      to: '+12125551234',
      text: 'CRITICAL: The boiler is on fire',
      alert_id: 7,
      object_id: 3,
    })
    assert.equal(last().headers['idempotency-key'], 'belfry-7-3-0-email-abc')
    assert.equal(last().headers.authorization, undefined)
    await generic({ SMS_TOKEN: 'abc', SMS_FROM: 'Belfry' }).send(aMessage(), soon())
    assert.equal(last().headers.authorization, 'Bearer abc')
    assert.equal(JSON.parse(last().body).from, 'Belfry')
  })

  it("as SMS have Twilio's shape", async () => {
    const config = { SMS_PROVIDER: 'twilio', SMS_URL: `${http.url}/`, SMS_FROM: '+15005550006' } as const
    const twilio = createSms({ ...config, SMS_ACCOUNT: 'AC1', SMS_TOKEN: 'abc' })
    assert.deepEqual(await twilio.send(aMessage({ text: 'a & b=c' }), soon()), { kind: 'sent' })
    assert.equal(last().path, '/2010-04-01/Accounts/AC1/Messages.json')
    assert.equal(last().headers['content-type'], 'application/x-www-form-urlencoded')
    assert.equal(last().headers.authorization, `Basic ${Buffer.from('AC1:abc').toString('base64')}`)
    const form = Object.fromEntries(new URLSearchParams(last().body))
    assert.deepEqual(form, { To: '+12125551234', From: '+15005550006', Body: 'CRITICAL: a & b=c' })
  })

  it('as webhooks are signed as Standard Webhooks says', async () => {
    for (const [secret, key] of [
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')],
      ['a text of my own', Buffer.from('a text of my own')],
    ] as const) {
      const message = aMessage({ channel: 'webhook', text: 'Füer' })
      await createWebhook({ url: http.url, secret }).send(message, soon())
      const { headers, body } = last()
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
      assert.equal(headers['webhook-signature'], `v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
      assert.equal(headers['webhook-id'], message.id)
      assert.ok(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000) < 5)
      const { type, timestamp, data } = JSON.parse(body)
      assert.deepEqual([type, timestamp], ['alert.raised', '2026-01-01T00:00:00.000Z'])
      const { object, ...alert } = data
      assert.deepEqual(object, { id: 3, email: 'bob@example.com', phone_e164: '+12125551234' })
      assert.deepEqual(alert, {
        alert_id: 7,
        text: 'Füer',
        severity: 'critical',
        raised_by: 'dora',
        created_at: '2026-01-01T00:00:00.000Z',
        acknowledge_by: null,
        escalates: null,
        round: 0,
      })
    }
  })

  it('are refused for good by most 4xx, and may come through later otherwise', async () => {
    const kinds: Record<string, number[]> = {
      sent: [200],
      refused: [400, 404, 410, 422],
      failed: [301, 302, 307, 401, 403, 408, 425, 500, 502, 503],
      throttled: [429],
    }
    http.headers = { location: `${http.url}/elsewhere` }
    for (const [kind, statuses] of Object.entries(kinds)) {
      for (const status of statuses) {
        http.mood = status
        assert.equal((await generic().send(aMessage(), soon())).kind, kind, `${status}`)
      }
    }
    assert.ok(
      http.posts.every((post) => post.path === '/sms?x=1'),
      'no redirect was followed',
    )
  })

  it('say what was answered, and wait as long as the provider asks', async () => {
    http.mood = 503
    http.headers = { 'retry-after': '7' }
    const error = '503 {"answer":"of the provider"}'
    assert.deepEqual(await generic().send(aMessage(), soon()), { kind: 'failed', error, retryAfterMs: 7000 })
    http.mood = 429
    const outcome = await generic().send(aMessage(), soon())
    assert.deepEqual(outcome, { kind: 'throttled', error: error.replace('503', '429'), retryAfterMs: 7000 })
    const now = Date.parse('2026-01-01T00:00:00Z')
    assert.equal(parseRetryAfter('Thu, 01 Jan 2026 00:01:00 GMT', now), 60_000)
    assert.equal(parseRetryAfter('Thu, 01 Jan 2025 00:01:00 GMT', now), 0)
    assert.equal(parseRetryAfter('999999999', now), 24 * 60 * 60 * 1000)
    assert.equal(parseRetryAfter('soon', now), undefined)
  })

  it('end when there is no answer, a cut connection, or nobody there', async () => {
    http.mood = 'stall'
    const late = await generic().send(aMessage(), AbortSignal.timeout(100))
    assert.deepEqual(late, { kind: 'failed', error: 'There was no answer in time.' })
    http.mood = 'drop'
    assert.equal((await generic().send(aMessage(), soon())).kind, 'failed')
    const gone = await startTestHttp()
    await gone.stop()
    const outcome = await createSms({ SMS_PROVIDER: 'generic', SMS_URL: gone.url }).send(aMessage(), soon())
    assert.match((outcome as { error: string }).error, /ECONNREFUSED/)
  })

  it('read no more of an endless answer than they need', async () => {
    let written = 0
    const endless = createServer((_request, response) => {
      response.writeHead(500)
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384))) written += 16_384
      }
      response.on('drain', write)
      write()
    })
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve))
    const SMS_URL = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`
    const outcome = await createSms({ SMS_PROVIDER: 'generic', SMS_URL }).send(aMessage(), soon())
    assert.equal(outcome.kind, 'failed')
    assert.ok((outcome as { error: string }).error.length < 400)
    await new Promise((resolve) => endless.close(resolve))
    assert.ok(written < 50_000_000)
  })
})
