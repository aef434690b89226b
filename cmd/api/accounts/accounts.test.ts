import assert from 'node:assert/strict'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const password = 'supersecret'

describe('accounts', () => {
  let api: TestApi
  let admin: Caller
  let member: Caller
  before(async () => {
    api = await startTestApi()
    const first = await api.request('POST', '/api/v1/accounts', { body: { username: 'Root', password } })
    assert.equal(first.body.role, 'admin')
    admin = await api.anAccount({ username: 'admin2', role: 'admin' })
    member = await api.anAccount({ username: 'alice', email: 'alice@example.com' })
  })
  after(() => api.stop())

  const registering = (body: object, options = {}) => api.request('POST', '/api/v1/accounts', { body, ...options })

  describe('registering', () => {
    it('answers 201 with the account, a member, and where it is', async () => {
      const body = { username: 'bob', password, email: 'bob@example.com', first_name: 'Bob', last_name: 'B' }
      const answer = await registering(body)
      assert.equal(answer.status, 201)
      assert.equal(answer.headers.get('location'), '/api/v1/accounts/bob')
      const { id, created_at, ...rest } = answer.body
      assert.ok(id > 0 && created_at)
      assert.deepEqual(rest, {
        username: 'bob',
        role: 'member',
        email: 'bob@example.com',
        first_name: 'Bob',
        last_name: 'B',
        twitter_username: null,
      })
    })
    it('refuses a username that differs in case only', async () => {
      expectProblem(await registering({ username: 'ALICE', password }), 409, 'username_taken')
    })
    it('refuses an e-mail address that differs in case only', async () => {
      expectProblem(await registering({ username: 'x1', password, email: 'Alice@Example.com' }), 409, 'email_taken')
    })
    for (const [what, body] of [
      ['a short password', { username: 'x2', password: 'short' }],
      ['a password of too few characters that are many code units', { username: 'x2', password: '😀😀😀😀😀' }],
      ['a password above 1024 bytes', { username: 'x2', password: 'é'.repeat(600) }],
      ['a username with a space', { username: 'x 2', password }],
      ['an empty username', { username: '', password }],
      ['a username of 65 characters', { username: 'x'.repeat(65), password }],
      ['the username that in a path is whoever asks', { username: 'Me', password }],
      ['what is no e-mail address', { username: 'x2', password, email: 'nope' }],
      ['an unknown field', { username: 'x2', password, role: 'admin' }],
    ] as const)
      it(`refuses ${what}`, async () => expectProblem(await registering(body), 422, 'invalid_fields'))

    it('does not care how a keyboard composes a password', async () => {
      await registering({ username: 'composed', password: 'pässwörd'.normalize('NFD') })
      const login = { username: 'composed', password: 'pässwörd'.normalize('NFC') }
      assert.equal((await api.request('POST', '/api/v1/sessions', { body: login })).status, 201)
    })
    it('makes one admin of two first accounts at the same moment', async () => {
      const fresh = await startTestApi()
      try {
        const answers = await Promise.all(
          ['a', 'b', 'c', 'd'].map((username) =>
            fresh.request('POST', '/api/v1/accounts', { body: { username, password } }),
          ),
        )
        assert.deepEqual(answers.map(({ body }) => body.role).sort(), ['admin', 'member', 'member', 'member'])
      } finally {
        await fresh.stop()
      }
    })
    it('is for admins only while registration is closed', async () => {
      const closed = await startTestApi({ REGISTRATION: 'closed' })
      try {
        const body = { username: 'new', password }
        const as = async (token?: Caller) =>
          closed.request('POST', '/api/v1/accounts', { body, ...(token ? { token } : {}) })
        expectProblem(await as(), 403, 'registration_closed')
        expectProblem(await as(await closed.as('dispatcher')), 403, 'registration_closed')
        expectProblem(await closed.request('POST', '/register', { body }), 403, 'registration_closed')
        expectProblem(await closed.request('POST', '/api/users', { body }), 403, 'registration_closed')
        assert.equal((await as(await closed.as('admin'))).status, 201)
      } finally {
        await closed.stop()
      }
    })
  })

  describe('reading', () => {
    it('shows e-mail addresses to their owner and to admins only', async () => {
      const other = await api.as('dispatcher')
      const seen = async (token: Caller) => (await api.request('GET', '/api/v1/accounts/ALICE', { token })).body
      assert.equal((await seen(member)).email, 'alice@example.com')
      assert.equal((await seen(admin)).email, 'alice@example.com')
      assert.equal((await seen(admin)).disabled, false)
      assert.ok(!('email' in (await seen(other))) && !('disabled' in (await seen(other))))
    })
    it('answers 404 for unknown and impossible names', async () => {
      for (const name of ['nobody', '-', 'x'.repeat(300), '%00', "a'--"])
        expectProblem(await api.request('GET', `/api/v1/accounts/${name}`, { token: member }), 404)
    })
    it('needs credentials', async () => {
      expectProblem(await api.request('GET', '/api/v1/accounts'), 401, 'unauthenticated')
      expectProblem(await api.request('GET', '/api/v1/accounts/alice'), 401, 'unauthenticated')
    })
    it('lists page by page without gap or repeat', async () => {
      const names: string[] = []
      let path: string | undefined = '/api/v1/accounts?limit=2'
      while (path) {
        const answer = await api.request('GET', path, { token: member })
        assert.ok(answer.body.items.length <= 2)
        names.push(...answer.body.items.map((a: { username: string }) => a.username.toLowerCase()))
        path = /<(.*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
        assert.equal(answer.body.next === null, path === undefined)
      }
      assert.deepEqual(names, [...new Set(names)].sort())
      assert.ok(names.includes('root') && names.includes('alice'))
    })
    it('finds by a part of the name, taking wildcards literally', async () => {
      const found = async (query: string) => {
        const answer = await api.request('GET', `/api/v1/accounts?query=${encodeURIComponent(query)}`, {
          token: member,
        })
        return answer.body.items.map((a: { username: string }) => a.username)
      }
      assert.deepEqual(await found('LIC'), ['alice'])
      assert.deepEqual(await found('%'), [])
      assert.deepEqual(await found('a_i'), [])
    })
    it('finds page by page, by names too', async () => {
      for (const username of ['q1', 'q2', 'q3', 'other4'])
        await registering({ username, password, first_name: 'Quentin', last_name: 'Qx' })
      const names: string[] = []
      let path: string | undefined = '/api/v1/accounts?limit=2&query=quen'
      while (path) {
        const answer = await api.request('GET', path, { token: member })
        names.push(...answer.body.items.map((a: { username: string }) => a.username))
        path = /<(.*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
      }
      assert.deepEqual(names, ['other4', 'q1', 'q2', 'q3'])
    })
    for (const search of [
      'limit=0',
      'limit=201',
      'limit=x',
      'limit=1&limit=2',
      'after=!',
      'after=W10',
      'after=WzFd',
      'query=',
    ])
      it(`refuses ?${search}`, async () => {
        expectProblem(await api.request('GET', `/api/v1/accounts?${search}`, { token: member }), 422, 'invalid_fields')
      })
  })

  describe('administering', () => {
    const changing = (name: string, body: object, token: Caller = admin) =>
      api.request('PATCH', `/api/v1/accounts/${name}`, { body, token })

    it('is for admins', async () => {
      expectProblem(await changing('alice', { role: 'admin' }, member), 403, 'forbidden')
      expectProblem(await changing('alice', { role: 'admin' }, await api.as('dispatcher')), 403, 'forbidden')
    })
    it('changes a role, at once and with an event', async () => {
      const target = await api.anAccount({ username: 'promoted' })
      const answer = await changing('promoted', { role: 'dispatcher' })
      assert.equal(answer.body.role, 'dispatcher')
      const event = (await api.events()).at(-1)
      assert.equal(event?.event, 'account.updated')
      assert.equal(event?.scope, `account:${target.id}`)
      assert.equal(event?.data.role, 'dispatcher')
      assert.equal((await api.request('GET', '/api/v1/me', { token: target })).body.role, 'dispatcher')
    })
    it('ends all sessions of an account that it disables, and lets it in again when enabled', async () => {
      await registering({ username: 'carol', password })
      const login = () => api.request('POST', '/api/v1/sessions', { body: { username: 'carol', password } })
      const { token, account } = (await login()).body
      assert.equal((await changing('carol', { disabled: true })).body.disabled, true)
      expectProblem(await api.request('GET', '/api/v1/me', { token }), 401)
      expectProblem(await login(), 401, 'invalid_credentials')
      const revoked = (await api.events()).filter((e) => e.event === 'session.revoked')
      assert.equal(revoked.at(-1)?.scope, `account:${account.id}`)
      assert.equal((await changing('carol', { disabled: false })).body.disabled, false)
      expectProblem(await api.request('GET', '/api/v1/me', { token }), 401)
      assert.equal((await login()).status, 201)
    })
    it('changes nothing and tells nobody when all is so already', async () => {
      const before = (await api.events()).length
      assert.equal((await changing('alice', { role: 'member', disabled: false })).status, 200)
      assert.equal((await changing('alice', {})).status, 200)
      assert.equal((await api.events()).length, before)
    })
    it('answers 404 for an unknown account', async () =>
      expectProblem(await changing('nobody', {}), 404, 'account_not_found'))
    it('keeps the last admin, whatever is tried at the same time', async () => {
      const fresh = await startTestApi()
      try {
        const admins = [await fresh.as('admin'), await fresh.as('admin'), await fresh.as('admin')]
        const answers = await Promise.all(
          admins.map((token, i) =>
            fresh.request('PATCH', `/api/v1/accounts/${admins[(i + 1) % 3]?.username}`, {
              token,
              body: i === 0 ? { role: 'member' } : { disabled: true },
            }),
          ),
        )
        const { rows } = await fresh.db.raw(`select id from accounts where role = 'admin' and disabled_at is null`)
        assert.ok(rows.length >= 1, JSON.stringify(answers.map((a) => a.status)))
        const last = admins.find((a) => a.id === rows[0].id) as Caller
        for (const other of rows.slice(1)) await fresh.db('accounts').where({ id: other.id }).update({ role: 'member' })
        for (const body of [{ role: 'member' }, { disabled: true }])
          expectProblem(
            await fresh.request('PATCH', `/api/v1/accounts/${last.username}`, { token: last, body }),
            409,
            'last_admin',
          )
      } finally {
        await fresh.stop()
      }
    })
  })
})
