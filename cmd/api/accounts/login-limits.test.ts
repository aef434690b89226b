import assert from 'node:assert/strict'
import { expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const password = 'supersecret'

describe('login limits', () => {
  let api: TestApi
  beforeEach(async () => {
    api = await startTestApi({ LOGIN_FAILURES: 5 })
    await api.request('POST', '/register', { body: { username: 'alice', password } })
  })
  afterEach(() => api.stop())

  const login = (username: string, text: string, address: string) =>
    api.request('POST', '/api/v1/sessions', {
      body: { username, password: text },
      headers: { 'x-forwarded-for': address },
    })
  const statuses = (answers: { status: number }[], status: number) => answers.filter((a) => a.status === status).length

  it('let no more than the allowed failures through, however many come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => login('alice', 'wrong', '192.0.2.1')))
    assert.equal(statuses(answers, 401), 5)
    assert.equal(statuses(answers, 429), 95)
  })
  it('answer 429 with Retry-After, also to the right password from there, and not from elsewhere', async () => {
    for (let i = 0; i < 5; i++) await login('alice', 'wrong', '192.0.2.1')
    const limited = await login('alice', password, '192.0.2.1')
    expectProblem(limited, 429, 'too_many_failed_logins')
    const seconds = Number(limited.headers.get('retry-after'))
    assert.ok(seconds > 800 && seconds <= 900)
    assert.equal((await login('alice', password, '192.0.2.2')).status, 201)
    expectProblem(
      await api.request('POST', '/login', {
        body: { username: 'ALICE', password },
        headers: { 'x-forwarded-for': '192.0.2.1' },
      }),
      429,
    )
  })
  it('do not count right passwords', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => login('alice', password, '192.0.2.1')))
    assert.equal(statuses(answers, 201), 12)
  })
  it('stop an address that tries many accounts', async () => {
    const all = []
    for (let i = 0; i < 27; i++) all.push(await login(`user${i}`, 'wrong', '192.0.2.1'))
    assert.equal(statuses(all, 401), 25)
    assert.equal(statuses(all, 429), 2)
  })
  it('take a /64 of IPv6 for one address', async () => {
    for (let i = 0; i < 5; i++) await login('alice', 'wrong', `2001:db8::${i + 1}`)
    expectProblem(await login('alice', 'wrong', '2001:0db8:0:0:ffff::1'), 429)
    expectProblem(await login('alice', 'wrong', '2001:db8:0:1::1'), 401)
  })
  it('believe no more of X-Forwarded-For than the proxies wrote', async () => {
    for (let i = 0; i < 5; i++) await login('alice', 'wrong', `10.0.0.${i}, 192.0.2.1`)
    expectProblem(await login('alice', 'wrong', '10.0.0.99, 192.0.2.1'), 429)
  })
  it('let nobody in while failures cannot be counted', async () => {
    await api.db.raw('alter table login_failures rename to login_failures_away')
    const body = { username: 'alice', password }
    expectProblem(await api.request('POST', '/api/v1/sessions', { body, broken: true }), 500, 'internal_error')
    assert.deepEqual(await api.db('sessions'), [])
  })
})
