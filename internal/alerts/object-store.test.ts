import assert from 'node:assert/strict'
import { hashSecret } from '#internal/runtime/ids'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { findInboxTokens, issueInboxToken } from './inbox-tokens.ts'
import { alertsTestKit, TestClock } from './kit.test.ts'
import { changeObject, findInboxObjects, findObject, listObjects, removeObject } from './object-store.ts'

describe('objects', () => {
  const clock = new TestClock()
  let database: TestDatabase
  let kit: ReturnType<typeof alertsTestKit>

  before(async () => {
    database = await testDatabase()
    kit = alertsTestKit(database.db, clock)
  })
  after(() => database.drop())

  const holderOf = async (token: string) => (await findInboxTokens(database.db, [hashSecret(token)]))[0]
  const directory = () => database.db('object_directory').first('version', 'total')

  it('are counted in the directory as they come and go, a removal once', async () => {
    const { version, total } = await directory()
    const ids = await Promise.all([kit.anObject(), kit.anObject(), kit.anObject()])
    const removed = await Promise.all([1, 2, 3].map(() => removeObject(database.db, ids[0]!, clock)))
    assert.deepEqual(removed.toSorted(), [false, false, true])
    assert.deepEqual(await directory(), { version: version + 4, total: total + 2 })
  })

  it('have ids that ascend with the versions of the directory, whoever creates at once', async () => {
    await Promise.all(Array.from({ length: 100 }, () => kit.anObject()))
    const rows = await database.db('objects').orderBy('id').select('created_version')
    const versions = rows.map((row) => row.created_version)
    assert.deepEqual(
      versions,
      versions.toSorted((a, b) => a - b),
    )
  })

  it('are listed in the order of ids, without the removed', async () => {
    const [a, b, c] = [await kit.anObject('a@x.org'), await kit.anObject('b@x.org'), await kit.anObject('c@x.org')]
    await removeObject(database.db, b, clock)
    const listed = await listObjects(database.db, { after: a - 1, limit: 10 })
    assert.deepEqual(
      listed.map((object) => object.id),
      [a, c],
    )
  })

  it('keep nothing but the number when removed', async () => {
    const id = await kit.anObject()
    await issueInboxToken(database.db, id, clock)
    await database.db('inbox_marks').insert({ object_id: id, position: 0 })
    await kit.relay()
    await removeObject(database.db, id, clock)
    const row = await database.db('objects').where({ id }).first()
    assert.deepEqual([row.email, row.phone_number, row.phone_e164], [null, null, null])
    assert.ok(row.removed_version > row.created_version)
    assert.equal(await database.db('inbox_tokens').where({ object_id: id }).first(), undefined)
    assert.equal(await database.db('inbox_marks').where({ object_id: id }).first(), undefined)
    assert.equal(await findObject(database.db, id), undefined)
    assert.equal(await changeObject(database.db, id, { email: 'x@y.org' }), undefined)
    assert.equal(await issueInboxToken(database.db, id, clock), undefined)
    assert.deepEqual(await findInboxObjects(database.db, [id]), [])
    const [event] = await kit.relay()
    assert.deepEqual([event?.scope, event?.event], [`object:${id}`, 'session.revoked'])
    assert.deepEqual(JSON.parse(event!.data), { object_id: id, token_id: null })
  })

  it('with ids beyond int are unknown, not an error', async () => {
    for (const id of [0, -1, 2_147_483_648, Number.MAX_SAFE_INTEGER]) {
      assert.equal(await findObject(database.db, id), undefined)
      assert.equal(await changeObject(database.db, id, { email: 'x@y.org' }), undefined)
      assert.equal(await removeObject(database.db, id, clock), false)
      assert.equal(await issueInboxToken(database.db, id, clock), undefined)
      assert.deepEqual(await findInboxObjects(database.db, [id]), [])
    }
  })

  it('have one inbox token: a new one ends the old and says so', async () => {
    const id = await kit.anObject()
    const first = (await issueInboxToken(database.db, id, clock))!
    assert.match(first, /^bx_[0-9a-f]{64}$/)
    const held = await holderOf(first)
    assert.equal(held?.object_id, id)
    await kit.relay()
    const second = (await issueInboxToken(database.db, id, clock))!
    assert.equal(await holderOf(first), undefined)
    assert.notEqual((await holderOf(second))?.token_id, held?.token_id)
    const [event] = await kit.relay()
    assert.deepEqual([event?.scope, event?.event], [`object:${id}`, 'session.revoked'])
    assert.deepEqual(JSON.parse(event!.data), { object_id: id, token_id: held?.token_id })
  })

  it('that issue tokens at once end up with one', async () => {
    const id = await kit.anObject()
    const tokens = await Promise.all([1, 2, 3, 4].map(() => issueInboxToken(database.db, id, clock)))
    const found = await findInboxTokens(
      database.db,
      tokens.map((token) => hashSecret(token!)),
    )
    assert.equal(found.filter((token) => token !== undefined).length, 1)
  })

  it('are found by token and by id in batches', async () => {
    const ids = [await kit.anObject(), await kit.anObject()]
    const tokens = await Promise.all(ids.map((id) => issueInboxToken(database.db, id, clock)))
    const hashes = [...tokens.map((token) => hashSecret(token!)), hashSecret('bx_other')]
    const found = await findInboxTokens(database.db, hashes)
    assert.deepEqual(
      found.map((row) => row?.object_id),
      [...ids, undefined],
    )
    const objects = await findInboxObjects(database.db, [...ids, 2_000_000_000, 2 ** 40])
    assert.deepEqual(
      objects.map((row) => row.id).toSorted((a, b) => a - b),
      ids,
    )
  })
})
