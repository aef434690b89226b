import assert from 'node:assert/strict'
import { expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const password = 'supersecret'

describe('me', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.stop())

  /** Registers and logs in `logins` times; the tokens. */
  async function registered(username: string, logins = 1): Promise<string[]> {
    await api.request('POST', '/register', { body: { username, password } })
    const tokens: string[] = []
    for (let i = 0; i < logins; i++)
      tokens.push((await api.request('POST', '/login', { body: { username, password } })).body.token)
    return tokens
  }

  it('shows the own account', async () => {
    const me = await api.anAccount({ username: 'me', email: 'me@example.com', role: 'dispatcher' })
    const { body } = await api.request('GET', '/api/v1/me', { token: me })
    assert.equal(body.email, 'me@example.com')
    assert.equal(body.role, 'dispatcher')
    assert.deepEqual([body.who_may_message, body.totp_enabled], ['anyone', false])
    assert.ok(!('disabled' in body) && !('password_hash' in body) && !('totp_secret' in body))
  })
  it('needs credentials for everything', async () => {
    expectProblem(await api.request('GET', '/api/v1/me'), 401)
    expectProblem(await api.request('PATCH', '/api/v1/me', { body: {} }), 401)
    expectProblem(await api.request('PUT', '/api/v1/me/password', { body: {} }), 401)
  })
  it('changes fields, clears them with null, and tells own clients', async () => {
    const me = await api.as('member')
    const names = { first_name: 'N', last_name: 'L', twitter_username: 'n_l' }
    const change = { email: 'new@example.com', ...names, who_may_message: 'friends' }
    const changed = await api.request('PATCH', '/api/v1/me', { token: me, body: change })
    assert.deepEqual({ ...changed.body, ...change }, changed.body)
    assert.deepEqual((await api.events()).at(-1), {
      scope: `account:${me.id}`,
      event: 'account.updated',
      data: changed.body,
    })
    const cleared = await api.request('PATCH', '/api/v1/me', { token: me, body: { email: null, first_name: null } })
    assert.deepEqual([cleared.body.email, cleared.body.first_name, cleared.body.last_name], [null, null, 'L'])
  })
  it('changes nothing and tells nobody when nothing is given', async () => {
    const me = await api.as('member')
    const before = (await api.events()).length
    assert.equal((await api.request('PATCH', '/api/v1/me', { token: me, body: {} })).status, 200)
    assert.equal((await api.events()).length, before)
  })
  it('refuses an e-mail address of another account', async () => {
    await api.anAccount({ email: 'taken@example.com' })
    const body = { email: 'TAKEN@example.com' }
    expectProblem(await api.request('PATCH', '/api/v1/me', { token: await api.as('member'), body }), 409, 'email_taken')
  })
  for (const body of [
    { email: 'no' },
    { role: 'admin' },
    { twitter_username: 'a b' },
    { first_name: '' },
    { last_name: 7 },
    { who_may_message: 'nobody' },
    { who_may_message: null },
    { totp_enabled: false },
  ])
    it(`refuses ${JSON.stringify(body)}`, async () => {
      expectProblem(await api.request('PATCH', '/api/v1/me', { token: await api.as('member'), body }), 422)
    })

  describe('password', () => {
    const put = (token: string, current_password: string, new_password = 'another secret') =>
      api.request('PUT', '/api/v1/me/password', { token, body: { current_password, new_password } })

    it('changes, and ends all other sessions but this one', async () => {
      const [token = '', other] = await registered('changer', 2)
      const before = (await api.events()).length
      assert.equal((await put(token, password)).status, 204)
      assert.equal((await api.request('GET', '/api/v1/me', { token })).status, 200)
      expectProblem(await api.request('GET', '/api/v1/me', { token: other as string }), 401)
      assert.deepEqual(
        (await api.events()).slice(before).map((e) => e.event),
        ['session.revoked'],
      )
      const login = (text: string) => api.request('POST', '/login', { body: { username: 'changer', password: text } })
      expectProblem(await login(password), 401, 'invalid_credentials')
      assert.equal((await login('another secret')).status, 200)
    })
    it('stays with a wrong current password', async () => {
      const [token = ''] = await registered('stays')
      expectProblem(await put(token, 'wrong'), 403, 'wrong_password')
    })
    it('cannot be guessed with a stolen session', async () => {
      const [token = ''] = await registered('guessed')
      const answers = await Promise.all(Array.from({ length: 30 }, () => put(token, 'wrong')))
      assert.equal(answers.filter((a) => a.status === 403).length, 10)
      assert.equal(answers.filter((a) => a.status === 429).length, 20)
    })
    it('refuses a short new one', async () => {
      const [token = ''] = await registered('shorty')
      expectProblem(await put(token, password, 'short'), 422)
    })
    it('is changed by one of two changes at the same moment', async () => {
      const [token = ''] = await registered('twice')
      const answers = await Promise.all([put(token, password, 'first secret'), put(token, password, 'second secret')])
      assert.deepEqual(answers.map((a) => a.status).sort(), [204, 403])
    })
  })
})
