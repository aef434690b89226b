import assert from 'node:assert/strict'
import { hashSecret } from '#internal/runtime/ids'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { createHasher } from './hasher.ts'
import { endSessions, openSession } from './sessions.ts'
import { findSessions } from './sessions-store.ts'
import { insertAccount } from './store.ts'

const origin = { address: '192.0.2.1', userAgent: undefined }
const now = new Date()

describe('sessions in the store', () => {
  let database: TestDatabase
  before(async () => {
    database = await testDatabase()
  })
  after(() => database.drop())

  const anAccount = async (username: string) => {
    const profile = { email: null, first_name: null, last_name: null, twitter_username: null }
    return {
      ...(await insertAccount(database.db, { ...profile, username, password_hash: 'h', created_at: now })),
      password_hash: 'h',
    }
  }

  it('are found many at a time, by token and by id, in the order asked', async () => {
    const { db } = database
    const account = await anAccount('many')
    const opened = await Promise.all(
      Array.from({ length: 20 }, () => openSession(db, account, { now, lifetimeMs: 1000, origin })),
    )
    const keys = opened.map(({ id, token }, i) => (i % 2 ? { sessionId: id } : { tokenHash: hashSecret(token) }))
    const found = await findSessions(db, [{ sessionId: 0 }, ...keys, { tokenHash: hashSecret('x') }], now)
    assert.deepEqual(
      found.map((s) => s?.sessionId),
      [undefined, ...opened.map((o) => o.id), undefined],
    )
    assert.deepEqual(found[1]?.account, { id: account.id, username: 'many', role: account.role })
    assert.deepEqual(await findSessions(db, keys, new Date(now.getTime() + 1000)), Array(20).fill(undefined))
  })
  it('do not open once the password has changed since it was checked', async () => {
    const account = await anAccount('changed')
    await database.db('accounts').where({ id: account.id }).update({ password_hash: 'new' })
    const opening = openSession(database.db, account, { now, lifetimeMs: 1000, origin })
    await assert.rejects(opening, { code: 'invalid_credentials' })
  })
  it('that open while all are ended are either ended too or do not open', async () => {
    const account = await anAccount('racing')
    const end = database.db.transaction(async (trx) => {
      await trx('accounts').where({ id: account.id }).update({ password_hash: 'new' })
      await endSessions(trx, account.id, 'all', now)
    })
    const opening = Array.from({ length: 8 }, () =>
      openSession(database.db, account, { now, lifetimeMs: 1000, origin }),
    )
    await Promise.allSettled([end, ...opening])
    assert.deepEqual(await database.db('sessions').where({ account_id: account.id }), [])
  })
})

describe('the hasher', () => {
  it('verifies, and says no where there is no hash', async () => {
    const hasher = createHasher()
    const stored = await hasher.hash('secret')
    assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    assert.deepEqual(
      [
        await hasher.verify(stored, 'secret'),
        await hasher.verify(stored, 'x'),
        await hasher.verify(undefined, 'secret'),
      ],
      [true, false, false],
    )
  })
  it('turns callers away when too many wait', async () => {
    const hasher = createHasher({ parallel: 1, queue: 2 })
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => hasher.hash('secret')))
    assert.equal(results.filter((r) => r.status === 'fulfilled').length, 3)
    for (const r of results) if (r.status === 'rejected') assert.equal(r.reason.code, 'busy')
  })
})
