import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const shell = promisify(execFile)

describe("seed 003's messages", () => {
  let api: TestApi
  let rdibari: Caller
  let bugs: Caller
  beforeEach(async () => {
    api = await startTestApi()
    rdibari = await api.anAccount({ username: 'rdibari' })
    bugs = await api.anAccount({ username: 'bugs' })
  })
  afterEach(() => api.stop())

  const send = (body: object, token = rdibari) => api.request('POST', '/api/messages', { token, body })
  const hey = { sender_user_name: 'rdibari', recipient_user_name: 'bugs', body: 'hey' }
  const list = (name: string, token: Caller, query = '') =>
    api.request('GET', `/api/messages/${name}${query}`, { token })

  it('run as the seed prints them, with a token', async () => {
    const run = async (line: string) => {
      const command = line
        .replace('http://localhost:8000', api.url)
        .replace('curl', `curl --silent --show-error -H 'Authorization: Bearer ${rdibari.token}'`)
      return JSON.parse((await shell('sh', ['-c', command])).stdout)
    }
    const sent = await run(
      `curl -X POST http://localhost:8000/api/messages -H 'Content-Type: application/json'  -d '{"sender_user_name":"rdibari","recipient_user_name":"bugs","body":"hey"}'`,
    )
    const { id, created_at, ...rest } = sent
    const times = { timestamp_sent: created_at, timestamp_delivered: null, timestamp_read: null }
    assert.deepEqual(rest, { ...hey, ...times })
    assert.deepEqual(await run('curl -X GET http://localhost:8000/api/messages/rdibari'), [sent])
    assert.equal((await run('curl -X GET http://localhost:8000/api/messages/fakeuser')).status, 404)
    const users = await run('curl -X GET http://localhost:8000/api/users ')
    assert.deepEqual(
      users.map((user: { user_name: string }) => user.user_name),
      ['bugs', 'rdibari'],
    )
    assert.ok(id > 0)
  })
  it('show both directions, newest first, with the times of delivery and reading', async () => {
    await send(hey)
    await send({ sender_user_name: 'bugs', recipient_user_name: 'rdibari', body: "what's up" }, bugs)
    const [conversation] = (await api.request('GET', '/api/v1/conversations', { token: bugs })).body.items
    await api.request('PUT', `/api/v1/conversations/${conversation.id}/read`, { token: bugs, body: { seq: 1 } })
    const { body } = await list('bugs', bugs)
    assert.deepEqual(
      body.map((row: { sender_user_name: string; timestamp_read: string | null }) => [
        row.sender_user_name,
        row.timestamp_read !== null,
      ]),
      [
        ['bugs', false],
        ['rdibari', true],
      ],
    )
    assert.deepEqual((await list('rdibari', rdibari)).body, body)
  })
  it('go back 30 days, or as many as asked for, or as the setting says', async () => {
    await send(hey)
    api.clock.advance(31 * 24 * 3600_000)
    await api.db('sessions').update({ expires_at: new Date(api.clock.now().getTime() + 1e9) })
    assert.deepEqual((await list('rdibari', rdibari)).body, [])
    assert.equal((await list('rdibari', rdibari, '?days=32')).body.length, 1)
    for (const days of ['0', 'x', '1e9']) expectProblem(await list('rdibari', rdibari, `?days=${days}`), 422)
  })
  it('are paged by the Link header', async () => {
    for (let i = 0; i < 3; i++) await send(hey)
    const first = await list('rdibari', rdibari, '?limit=2')
    const link = /<([^>]+)>/.exec(first.headers.get('link')!)![1]!
    const second = await api.request('GET', link, { token: rdibari })
    assert.deepEqual([first.body.length, second.body.length], [2, 1])
    assert.equal(new Set([...first.body, ...second.body].map(({ id }) => id)).size, 3)
  })
  it('are sent in the own name, to somebody else who exists', async () => {
    expectProblem(await send(hey, bugs), 403, 'forbidden')
    expectProblem(await list('bugs', rdibari), 403, 'forbidden')
    for (const recipient_user_name of ['nobody', 'rdibari'])
      expectProblem(await send({ ...hey, recipient_user_name }), 422)
    for (const body of ['', ' ', 7]) expectProblem(await send({ ...hey, body }), 422)
    expectProblem(await api.request('POST', '/api/messages', { body: hey }), 401)
    await api.db('accounts').where({ id: bugs.id }).update({ who_may_message: 'friends' })
    expectProblem(await send(hey), 403, 'friends_only')
  })
})
