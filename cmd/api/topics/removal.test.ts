import assert from 'node:assert/strict'
import { waitFor } from '#internal/testing/wait-for'
import { type Caller, expectProblem, startTestApi, type TestAnswer, type TestApi } from '../http/testing.ts'

describe('what a member does at the moment of being taken out of a topic', () => {
  let api: TestApi
  let owner: Caller
  let member: Caller
  let topic: number
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.stop())
  beforeEach(async () => {
    owner = await api.as('member')
    member = await api.as('member')
    topic = await aTopic('private')
  })

  async function aTopic(visibility: string): Promise<number> {
    const body = { name: 'crew', visibility, members_may_invite: true }
    const { id } = (await api.request('POST', '/api/v1/topics', { token: owner, body })).body
    const invited = { token: owner, body: { username: member.username } }
    const invitation = await api.request('POST', `/api/v1/topics/${id}/invitations`, invited)
    await api.request('POST', `/api/v1/invitations/${invitation.body.id}/accept`, { token: member })
    return id
  }

  /** Holds the topic until the removal waits for it, and the request behind that. */
  async function afterRemoval(ask: () => Promise<TestAnswer>): Promise<TestAnswer> {
    const trx = await api.db.transaction()
    await trx.raw('select from conversations where id = ? for update', [topic])
    const path = `/api/v1/topics/${topic}/members/${member.username}`
    const removal = api.request('DELETE', path, { token: owner })
    await waiting(1)
    const answer = ask()
    await waiting(2)
    await trx.commit()
    assert.equal((await removal).status, 204)
    return answer
  }

  const waiting = (count: number) =>
    waitFor(
      async () => {
        const { rows } = await api.db.raw(
          `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        return rows[0].count === count
      },
      { what: `${count} requests to wait for the topic` },
    )

  const members = () => api.db('members').where({ conversation_id: topic }).pluck('account_id')

  it('does not join a private one again', async () => {
    const path = `/api/v1/topics/${topic}/members/me`
    expectProblem(await afterRemoval(() => api.request('PUT', path, { token: member })), 404, 'topic_not_found')
    assert.deepEqual(await members(), [owner.id])
  })

  it('does not invite into it', async () => {
    const body = { username: (await api.as('member')).username }
    const path = `/api/v1/topics/${topic}/invitations`
    expectProblem(await afterRemoval(() => api.request('POST', path, { token: member, body })), 404, 'topic_not_found')
    assert.equal(await api.db('invitations').where({ conversation_id: topic }).first(), undefined)
  })

  const post = () =>
    api.request('POST', `/api/v1/conversations/${topic}/messages`, { token: member, body: { body: 'still here' } })

  it('does not post into a private one, and leaves no gap there', async () => {
    expectProblem(await afterRemoval(post), 404, 'conversation_not_found')
    const { last_seq } = await api.db('conversations').where({ id: topic }).first()
    assert.equal(last_seq, 0)
  })

  it('posts into a public one as who joins it again', async () => {
    topic = await aTopic('public')
    const { status, body } = await afterRemoval(post)
    assert.deepEqual([status, body.seq], [201, 1])
    assert.deepEqual((await members()).sort(), [owner.id, member.id].sort())
  })
})
