import assert from 'node:assert/strict'
import { WebSocket } from 'ws'
import type { KeyScope } from '#internal/accounts/api-key'
import { createApiKey, endApiKey } from '#internal/accounts/api-keys'
import { administer } from '#internal/accounts/change'
import { anObject, aSession, connect, startTestPush, statusOf, type TestPush } from './testing.ts'

const path = '/api/v1/stream'

describe('API keys on a WebSocket', () => {
  let system: TestPush
  let anna: Awaited<ReturnType<typeof aSession>>
  before(async () => {
    system = await startTestPush()
    await aSession(system.database, 'root', 'admin')
    anna = await aSession(system.database, 'anna', 'dispatcher')
  })
  after(() => system.stop())

  async function aKey(scopes: KeyScope[], { owner = anna, lifeMs }: { owner?: typeof anna; lifeMs?: number } = {}) {
    const expiresAt = lifeMs === undefined ? null : new Date(Date.now() + lifeMs)
    const { key, secret } = await createApiKey(
      system.db,
      owner.account.id,
      { name: 'k', scopes, expiresAt },
      new Date(),
    )
    return { id: key.id, secret }
  }
  const live = async (to: string, token: string) => {
    const socket = await connect(system.port, to, token)
    await socket.frame((f) => f.type === 'live', 'live')
    return socket
  }

  it('open the stream with the scope for it, by header and by subprotocol', async () => {
    for (const scope of ['stream', 'all'] as const) {
      const { secret } = await aKey([scope])
      assert.equal(await statusOf(system.port, path, secret), 101)
      const browser = new WebSocket(`ws://127.0.0.1:${system.port}${path}`, ['belfry.v1', `bearer.${secret}`])
      await new Promise((resolve, reject) => browser.once('open', resolve).once('error', reject))
      browser.terminate()
    }
  })
  it('open an inbox for a dispatcher', async () => {
    const object = await anObject(system.database)
    const inbox = async (...scopes: Parameters<typeof aKey>[0]) =>
      statusOf(system.port, `/inbox/${object.id}`, (await aKey(scopes)).secret)
    assert.equal(await inbox('stream', 'alerts'), 101)
    // What it opens can be acknowledged as well.
    assert.equal(await inbox('stream'), 403)
    const member = await aSession(system.database, 'mia')
    const key = await aKey(['stream', 'alerts'], { owner: member })
    assert.equal(await statusOf(system.port, `/inbox/${object.id}`, key.secret), 403)
  })
  it('are refused without it, and when there is no such key', async () => {
    const refused = await connect(system.port, path, (await aKey(['read', 'alerts'])).secret).catch((error) => error)
    assert.deepEqual([refused.status, JSON.parse(refused.body).code], [403, 'scope_missing'])
    assert.equal(await statusOf(system.port, path, `bk_${'0'.repeat(64)}`), 401)
    const { secret } = await aKey(['all'])
    assert.equal(await statusOf(system.port, `${path}?ticket=${secret}`), 401)
  })
  it('close their sockets when they are deleted, and no others', async () => {
    const [key, other] = [await aKey(['stream']), await aKey(['stream'])]
    const [mine, others, session] = [
      await live(path, key.secret),
      await live(path, other.secret),
      await live(path, anna.token),
    ]
    await endApiKey(system.db, anna.account.id, key.id, new Date())
    assert.equal((await mine.closed).code, 4001)
    for (const socket of [others, session]) {
      await socket.frame((f) => f.event === 'session.revoked', 'the event of the end')
      socket.ws.terminate()
    }
    assert.equal(await statusOf(system.port, path, key.secret), 401)
  })
  it('close their sockets when their account is disabled', async () => {
    const olga = await aSession(system.database, 'olga')
    const socket = await live(path, (await aKey(['all'], { owner: olga })).secret)
    await administer(system.db, 'olga', { disabled: true }, new Date())
    assert.equal((await socket.closed).code, 4001)
  })
  it('close their sockets when they expire', async () => {
    const socket = await live(path, (await aKey(['stream'], { lifeMs: 300 })).secret)
    assert.deepEqual(await socket.closed, { code: 4001, reason: 'session expired' })
  }).timeout(30_000)
})
