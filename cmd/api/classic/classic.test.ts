import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const shell = promisify(execFile)

describe("the seeds' endpoints", () => {
  let api: TestApi
  beforeEach(async () => {
    api = await startTestApi({ PASSWORD_MIN_LENGTH: 3 })
  })
  afterEach(() => api.stop())

  /** Runs a line of a seed as printed, but for the address; the answer's body. */
  async function curl(line: string): Promise<string> {
    const command = line.replace(/(http:\/\/)?(localhost:8080|127\.0\.0\.1:5000)/, api.url)
    return (await shell('sh', ['-c', command.replace('curl', 'curl --silent --show-error')])).stdout
  }

  it('run the example of seed 000 as printed', async () => {
    assert.equal(await curl('curl localhost:8080/ping'), 'pong')
    await curl(`curl -H 'Content-Type: application/json' \\
	-XPOST localhost:8080/register \\
	--data '{"username": "alice", "password": "supersecret"}'`)
    assert.deepEqual(JSON.parse(await curl('curl localhost:8080/status/alice')), { status: null })
    const { token } = JSON.parse(
      await curl(`curl -H 'Content-Type: application/json' \\
	-XPOST localhost:8080/login \\
	--data '{"username": "alice", "password": "supersecret"}'`),
    )
    assert.match(token, /^[0-9a-f]{64}$/)
    await curl(`curl -H 'Content-Type: application/json' \\
    -H 'Authorization: Bearer ${token}' \\
	-XPOST localhost:8080/status \\
	--data '{"status": "On vacation in Tahiti."}'`)
    assert.deepEqual(JSON.parse(await curl('curl localhost:8080/status/alice')), { status: 'On vacation in Tahiti.' })
    api.clock.advance(24 * 3600_000 + 1)
    assert.deepEqual(JSON.parse(await curl('curl localhost:8080/status/alice')), { status: null })
  })
  it('run the example of seed 002 as printed', async () => {
    const json = '"Content-type: application/json"'
    const made = await curl(
      `curl -H ${json} -X POST -d '{"username":"foo", "password":"bar", "email":"foo@bar.com"}' http://127.0.0.1:5000/api/users`,
    )
    assert.deepEqual(JSON.parse(made), { id: 1, username: 'foo', email: 'foo@bar.com' })
    const auth = await curl(
      `curl -H ${json} -X POST -d '{"username":"foo", "password":"bar"}' http://127.0.0.1:5000/auth`,
    )
    const { access_token } = JSON.parse(auth)
    assert.equal(access_token.split('.').length, 3)
    const list = await curl(`curl -H "Authorization: JWT ${access_token}" -X GET http://127.0.0.1:5000/api/users`)
    assert.deepEqual(JSON.parse(list), [
      { id: 1, username: 'foo', email: 'foo@bar.com', user_name: 'foo', first_name: null, last_name: null },
    ])
  })

  it('list everybody as a bare array, with a link when there is more', async () => {
    const me = await api.anAccount({ username: 'b' })
    await api.anAccount({ username: 'a' })
    for (const path of ['/users', '/api/users']) {
      const names = (body: { username: string }[]) => body.map((u) => u.username)
      assert.deepEqual(names((await api.request('GET', path, { token: me })).body), ['a', 'b'])
      const first = await api.request('GET', `${path}?limit=1`, { token: me })
      const next = /<(.*)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] as string
      assert.deepEqual(names((await api.request('GET', next, { token: me })).body), ['b'])
      expectProblem(await api.request('GET', path), 401)
      expectProblem(await api.request('GET', `${path}?limit=1001`, { token: me }), 422)
    }
  })
  it('hide e-mail addresses from other members', async () => {
    await api.anAccount({ username: 'a', email: 'a@example.com' })
    const { body } = await api.request('GET', '/api/users', { token: await api.as('member') })
    assert.equal(body[0].email, null)
  })
  it('set and clear the Twitter username', async () => {
    const me = await api.as('member')
    const patch = (twitter_username: unknown) =>
      api.request('PATCH', '/user', { token: me, body: { twitter_username } })
    assert.equal((await patch('jack')).body.twitter_username, 'jack')
    assert.equal((await patch(null)).body.twitter_username, null)
    expectProblem(await patch('a b'), 422)
    expectProblem(await patch(undefined), 422)
    expectProblem(await api.request('PATCH', '/user', { body: {} }), 401)
  })
  it('answer as they are documented', async () => {
    const token = await api.anAccount({ username: 'alice' })
    const set = await api.request('POST', '/status', { token, body: { status: 'here' } })
    const seen = await api.request('GET', '/status/alice')
    assert.deepEqual([set.status, seen.status, seen.body], [200, 200, { status: 'here' }])
  })
  it('say no as the API does', async () => {
    const json = (body: object) => ({ body })
    await api.request('POST', '/register', json({ username: 'alice', password: 'secret' }))
    expectProblem(await api.request('POST', '/register', json({ username: 'Alice', password: 'secret' })), 409)
    expectProblem(await api.request('POST', '/api/users', json({ username: 'alice', password: 'secret' })), 409)
    expectProblem(await api.request('POST', '/login', json({ username: 'alice', password: 'x' })), 401)
    expectProblem(await api.request('POST', '/auth', json({ username: 'alice', password: 'x' })), 401)
    expectProblem(await api.request('POST', '/status', json({ status: 'x' })), 401)
    expectProblem(await api.request('GET', '/status/nobody'), 404)
  })
  it('end an access token with its session, and after its minutes', async () => {
    const credentials = { body: { username: 'alice', password: 'secret' } }
    await api.request('POST', '/register', credentials)
    const auth = async () => (await api.request('POST', '/auth', credentials)).body.access_token
    const first = await auth()
    const get = async (token: string, scheme = 'JWT') =>
      (await api.request('GET', '/api/v1/me', { headers: { authorization: `${scheme} ${token}` } })).status
    assert.deepEqual([await get(first), await get(first, 'Bearer')], [200, 200])
    await api.request('DELETE', '/api/v1/sessions/current', { headers: { authorization: `JWT ${first}` } })
    assert.equal(await get(first), 401)
    const second = await auth()
    api.clock.advance(60 * 60_000 + 1000)
    assert.equal(await get(second), 401)
  })
})
