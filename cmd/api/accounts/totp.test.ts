import assert from 'node:assert/strict'
import { generateSync } from 'otplib'
import { createSealer } from '#internal/accounts/seal'
import { expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const password = 'supersecret'

describe('TOTP', () => {
  let api: TestApi
  let names = 0
  before(async () => {
    api = await startTestApi()
  })
  // The first moment of a step: none ends in the middle of a test.
  beforeEach(() => api.clock.advance(30_000 - (api.clock.now().getTime() % 30_000)))
  after(() => api.stop())

  const codeOf = (secret: string, steps = 0) =>
    generateSync({ secret, epoch: Math.floor(api.clock.now().getTime() / 1000) + 30 * steps })
  const nextStep = () => api.clock.advance(30_000)
  const login = (username: string, totp?: string, text = password, path = '/api/v1/sessions') =>
    api.request('POST', path, { body: { username, password: text, ...(totp === undefined ? {} : { totp }) } })
  const start = (token: string) => api.request('POST', '/api/v1/me/totp', { token })
  const confirm = (token: string, code: string) =>
    api.request('POST', '/api/v1/me/totp/confirm', { token, body: { code } })
  const end = (token: string, code: string) => api.request('DELETE', '/api/v1/me/totp', { token, body: { code } })

  async function registered() {
    const username = `totp${++names}`
    const { body } = await api.request('POST', '/register', { body: { username, password } })
    return { username, id: body.id as number, token: (await login(username)).body.token as string }
  }
  /** An account with TOTP enabled, in a step whose code is not used. */
  async function enabled() {
    const account = await registered()
    const { secret } = (await start(account.token)).body
    assert.equal((await confirm(account.token, codeOf(secret))).status, 200)
    nextStep()
    return { ...account, secret: secret as string }
  }

  it('begins with a secret that is shown once and counts for nothing yet', async () => {
    const { token, username } = await registered()
    const { status, body } = await start(token)
    assert.equal(status, 201)
    assert.match(body.secret, /^[A-Z2-7]{32}$/)
    const url = new URL(body.otpauth_url)
    assert.deepEqual([url.protocol, url.host, url.pathname], ['otpauth:', 'totp', `/Belfry:${username}`])
    assert.equal(url.searchParams.get('secret'), body.secret)
    assert.equal((await api.request('GET', '/api/v1/me', { token })).body.totp_enabled, false)
    assert.equal((await login(username)).status, 201)
  })
  it('is enabled by a first code, with an event, and shows in the own view', async () => {
    const { token, id } = await registered()
    const { secret } = (await start(token)).body
    const before = (await api.events()).length
    const { status, body } = await confirm(token, codeOf(secret))
    assert.deepEqual([status, body.totp_enabled], [200, true])
    assert.deepEqual((await api.events()).slice(before), [
      { scope: `account:${id}`, event: 'account.updated', data: body },
    ])
    assert.equal((await api.request('GET', '/api/v1/me', { token })).status, 200)
  })
  it('is not enabled by a wrong code, nor by that of a secret that was replaced', async () => {
    const { token } = await registered()
    expectProblem(await confirm(token, '000000'), 404, 'totp_not_started')
    const old = (await start(token)).body.secret
    const { secret } = (await start(token)).body
    expectProblem(await confirm(token, codeOf(old)), 403, 'wrong_code')
    expectProblem(await confirm(token, codeOf(secret, 2)), 403, 'wrong_code')
    assert.equal((await confirm(token, codeOf(secret, -1))).status, 200)
  })
  it('is enabled by one of two confirmations at the same moment', async () => {
    const { token } = await registered()
    const code = codeOf((await start(token)).body.secret)
    const answers = await Promise.all([confirm(token, code), confirm(token, code)])
    assert.deepEqual(answers.map((a) => a.status).sort(), [200, 409])
  })
  it('cannot be started or confirmed again while it is enabled', async () => {
    const { token, secret } = await enabled()
    expectProblem(await start(token), 409, 'totp_enabled')
    expectProblem(await confirm(token, codeOf(secret)), 409, 'totp_enabled')
  })
  it('is asked for only after the right password, which does not count as a failure', async () => {
    const { username } = await enabled()
    expectProblem(await login(username, undefined, 'wrong'), 401, 'invalid_credentials')
    for (let i = 0; i < 12; i++) expectProblem(await login(username), 401, 'totp_required')
  })
  for (const path of ['/api/v1/sessions', '/login', '/auth'])
    it(`lets in with password and code: POST ${path}`, async () => {
      const { username, secret } = await enabled()
      expectProblem(await login(username, undefined, password, path), 401, 'totp_required')
      const wrong = codeOf(secret, 3)
      expectProblem(await login(username, wrong, password, path), 401, 'invalid_credentials')
      expectProblem(await login(username, codeOf(secret), 'wrong', path), 401, 'invalid_credentials')
      assert.ok((await login(username, codeOf(secret), password, path)).status < 300)
    })
  it('takes the codes of the step before and after, and no others', async () => {
    const { username, secret } = await enabled()
    nextStep()
    for (const steps of [-2, 2]) expectProblem(await login(username, codeOf(secret, steps)), 401)
    for (const steps of [-1, 0, 1]) assert.equal((await login(username, codeOf(secret, steps))).status, 201)
  })
  it('takes a code once, whatever it was used for, and none from before it', async () => {
    const { username, token, secret } = await enabled()
    const [older, code] = [codeOf(secret, -1), codeOf(secret)]
    const answers = await Promise.all(Array.from({ length: 5 }, () => login(username, code)))
    assert.deepEqual(answers.map((a) => a.status).sort(), [201, 401, 401, 401, 401])
    expectProblem(await login(username, older), 401, 'invalid_credentials')
    expectProblem(await end(token, code), 403, 'wrong_code')
    nextStep()
    assert.equal((await login(username, codeOf(secret))).status, 201)
  })
  it('does not take the code that confirmed it', async () => {
    const { username, token } = await registered()
    const code = codeOf((await start(token)).body.secret)
    await confirm(token, code)
    expectProblem(await login(username, code), 401, 'invalid_credentials')
  })
  it('cannot be guessed: wrong codes count as failed logins', async () => {
    const { username, secret, token } = await enabled()
    const wrong = codeOf(secret, 5)
    const answers = []
    for (let i = 0; i < 6; i++) answers.push(await login(username, wrong))
    for (let i = 0; i < 6; i++) answers.push(await end(token, wrong))
    assert.deepEqual(
      answers.map((a) => a.status),
      [401, 401, 401, 401, 401, 401, 403, 403, 403, 403, 429, 429],
    )
    expectProblem(await login(username, codeOf(secret)), 429, 'too_many_failed_logins')
    await api.db('login_failures').delete()
  })
  it('is disabled by a code, with an event, and asks for none after that', async () => {
    const { username, token, secret, id } = await enabled()
    assert.equal((await end(token, codeOf(secret))).status, 204)
    const { event, scope, data } = (await api.events()).at(-1)!
    assert.deepEqual([event, scope, data.totp_enabled], ['account.updated', `account:${id}`, false])
    assert.equal((await login(username)).status, 201)
    assert.equal((await login(username, '123456')).status, 201)
    expectProblem(await end(token, codeOf(secret)), 404, 'totp_not_enabled')
  })
  it('is reset by an admin for an account that has lost it', async () => {
    const { username } = await enabled()
    const admin = await api.as('admin')
    const path = `/api/v1/accounts/${username}`
    assert.equal((await api.request('GET', path, { token: admin })).body.totp_enabled, true)
    const member = await api.as('member')
    expectProblem(await api.request('PATCH', path, { token: member, body: { totp_enabled: false } }), 403, 'forbidden')
    expectProblem(await api.request('PATCH', path, { token: admin, body: { totp_enabled: true } }), 422)
    const { body } = await api.request('PATCH', path, { token: admin, body: { totp_enabled: false } })
    assert.equal(body.totp_enabled, false)
    assert.equal((await login(username)).status, 201)
    assert.equal((await api.db('accounts').where({ username }).first()).totp_secret, null)
  })
  for (const code of ['', '12345', '1234567', 'abcdef', '１２３４５６', 123456, null])
    it(`refuses ${JSON.stringify(code)} as a code`, async () => {
      const { token, username } = await registered()
      expectProblem(await confirm(token, code as string), 422, 'invalid_fields')
      expectProblem(await end(token, code as string), 422, 'invalid_fields')
      expectProblem(await login(username, code as string), 422, 'invalid_fields')
    })
  it('needs credentials', async () => {
    expectProblem(await api.request('POST', '/api/v1/me/totp'), 401)
    expectProblem(await api.request('POST', '/api/v1/me/totp/confirm', { body: { code: '123456' } }), 401)
    expectProblem(await api.request('DELETE', '/api/v1/me/totp', { body: { code: '123456' } }), 401)
  })
  it('keeps its secret encrypted, and says so when the key is another one', async () => {
    const { username, secret, id } = await enabled()
    const { totp_secret } = await api.db('accounts').where({ id }).first()
    assert.ok(!totp_secret.toString('latin1').includes(secret))
    await api
      .db('accounts')
      .where({ id })
      .update({ totp_secret: createSealer('another secret', 'totp').seal(secret, `account ${id}`) })
    expectProblem(await login(username, codeOf(secret)), 503, 'totp_unreadable')
  })
})
