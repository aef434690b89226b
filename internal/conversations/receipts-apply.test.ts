import assert from 'node:assert/strict'
import type { Knex } from 'knex'
import type { Problem } from '#internal/runtime/problem'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { type Actor, lockConversation } from './conversation.ts'
import { openConversation } from './direct.ts'
import { markRead } from './receipts-apply.ts'
import { type ReceiptsKit, receiptsKit, time } from './receipts-kit.test.ts'
import { joinTopic } from './topics.ts'

describe('marks of conversations', () => {
  let database: TestDatabase
  let db: Knex
  let kit: ReceiptsKit
  before(async () => {
    database = await testDatabase()
    db = database.db
    kit = receiptsKit(db)
  })
  after(() => database.drop())

  it('deliver each message once, at the first time that came, and nothing that was not posted to the member', async () => {
    const [ada, bob] = [await kit.person(), await kit.person()]
    const id = await kit.topic(ada)
    await kit.posts(ada, id, 3)
    await joinTopic(db, id, bob, new Date())
    await kit.posts(ada, id, 5)
    await kit.apply(kit.delivered(bob, id, 4, 6, time(1)))
    await kit.apply(kit.delivered(bob, id, 0, 99, time(2)), kit.delivered(bob, id, 4, 6, time(3)))
    const [four, five, six, seven, eight] = [4, 5, 6, 7, 8].map((seq) => `delivered ${seq}`)
    assert.deepEqual(
      await kit.timesOf(bob, id),
      new Map([
        [five!, time(1)],
        [six!, time(1)],
        [four!, time(2)],
        [seven!, time(2)],
        [eight!, time(2)],
      ]),
    )
    assert.deepEqual((await kit.memberOf(bob, id)).delivered, [4, 5, 6, 7, 8])
    assert.deepEqual(await kit.receiptEvents(`conversation:${id}`), [])
    assert.deepEqual(await kit.receiptEvents(`account:${bob.id}`), [])
  })

  it('move reads forward only, with what was read delivered and own messages never unread', async () => {
    const [ada, bob] = [await kit.person(), await kit.person()]
    const id = await kit.topic(ada)
    await joinTopic(db, id, bob, new Date())
    await kit.posts(ada, id, 2)
    await kit.posts(bob, id, 2)
    await kit.posts(ada, id, 2)
    assert.equal((await kit.memberOf(bob, id)).own_since_read, 2)
    await kit.apply(kit.read(bob, id, 3, time(1)))
    await kit.apply(kit.read(bob, id, 2, time(2)), kit.read(bob, id, 3, time(3)), kit.delivered(bob, id, 1, 2, time(4)))
    assert.deepEqual(await kit.memberOf(bob, id), {
      joined_seq: 0,
      read_seq: 3,
      own_since_read: 1,
      delivered: [1, 2, 3],
    })
    await kit.apply(kit.read(bob, id, 600, time(6)), kit.read(bob, id, 5, time(5)), kit.read(bob, id, 7, time(7)))
    assert.deepEqual((await kit.timesOf(bob, id)).get('read 5'), time(5))
    assert.deepEqual((await kit.timesOf(bob, id)).get('read 6'), time(6))
    assert.equal((await kit.memberOf(bob, id)).own_since_read, 0)
    const common = { conversation_id: id, username: bob.username, kind: 'read' }
    assert.deepEqual(await kit.receiptEvents(`account:${bob.id}`), [
      { ...common, after_seq: 0, up_to_seq: 3, at: time(1) },
      { ...common, after_seq: 3, up_to_seq: 5, at: time(5) },
      { ...common, after_seq: 5, up_to_seq: 6, at: time(6) },
    ])
    assert.deepEqual(await kit.receiptEvents(`conversation:${id}`), [])
  })

  it('do not wait for whoever holds the conversation, who may wait for a member', async () => {
    const [ada, bob] = [await kit.person(), await kit.person()]
    const id = await kit.topic(ada)
    await joinTopic(db, id, bob, new Date())
    await kit.posts(ada, id, 2)
    const trx = await db.transaction()
    try {
      await lockConversation(trx, id, ada.id)
      await trx.raw(`set local idle_in_transaction_session_timeout = '2s'`)
      await kit.apply(kit.delivered(bob, id, 0, 2), kit.read(bob, id, 2))
      // It has not come to an end by being waited for.
      assert.ok(await lockConversation(trx, id, ada.id))
    } finally {
      await trx.rollback()
    }
    assert.equal((await kit.memberOf(bob, id)).read_seq, 2)
  })

  it('tell both sides of a direct conversation', async () => {
    const [ada, bob] = [await kit.person(), await kit.person()]
    const { id } = await openConversation(db, ada, { members: [bob.username], name: null }, new Date())
    await kit.posts(ada, id, 3)
    await kit.apply(
      kit.delivered(bob, id, 0, 2, time(1)),
      kit.delivered(bob, id, 1, 3, time(2)),
      kit.read(bob, id, 2, time(3)),
    )
    const common = { conversation_id: id, username: bob.username }
    assert.deepEqual(await kit.receiptEvents(`conversation:${id}`), [
      { ...common, kind: 'delivered', after_seq: 0, up_to_seq: 2, at: time(1) },
      { ...common, kind: 'delivered', after_seq: 2, up_to_seq: 3, at: time(2) },
      { ...common, kind: 'read', after_seq: 0, up_to_seq: 2, at: time(3) },
    ])
    assert.deepEqual(await kit.receiptEvents(`account:${bob.id}`), [])
  })

  it('change nothing for who is no member, what is deleted, and numbers that cannot be', async () => {
    const [ada, eve] = [await kit.person(), await kit.person()]
    const [id, gone] = [await kit.topic(ada), await kit.topic(ada)]
    await kit.posts(ada, id, 2)
    await kit.posts(ada, gone, 2)
    await db('conversations').where({ id: gone }).update({ deleted_at: new Date() })
    await kit.apply(
      ...[kit.delivered(eve, id, 0, 2), kit.read(eve, id, 2), kit.delivered(ada, gone, 0, 2), kit.read(ada, gone, 2)],
      ...[
        kit.delivered(ada, id, 2, 1),
        kit.delivered(ada, id, -5, 0),
        kit.read(ada, id, -1),
        kit.read(ada, 999_999, 1),
      ],
      ...[kit.delivered(ada, id, 0, 1e300), kit.read(ada, id, 1.5), kit.read({ ...ada, id: -1 }, id, 1)],
      kit.delivered(ada, id, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER),
    )
    assert.deepEqual(await db('receipts').whereIn('conversation_id', [id, gone]), [])
    await kit.apply()
  })

  it('are given by REST with a clear answer', async () => {
    const [ada, eve] = [await kit.person(), await kit.person()]
    const id = await kit.topic(ada)
    await kit.posts(ada, id, 2)
    const status = (who: Actor, conversation: number, seq: number) =>
      markRead(db, who.id, conversation, seq, new Date(time(1))).then(
        () => 'done',
        (error: Problem) => error.code,
      )
    assert.equal(await status(eve, id, 1), 'conversation_not_found')
    assert.equal(await status(ada, 999_999, 1), 'conversation_not_found')
    assert.equal(await status(ada, id, 3), 'invalid_fields')
    assert.equal(await status(ada, id, 2), 'done')
    assert.equal(await status(ada, id, 1), 'done')
    assert.equal((await kit.memberOf(ada, id)).read_seq, 2)
    assert.equal((await kit.timesOf(ada, id)).get('read 2'), time(1))
    assert.equal((await kit.receiptEvents(`account:${ada.id}`)).length, 1)
    await db('conversations').where({ id }).update({ deleted_at: new Date() })
    assert.equal(await status(ada, id, 1), 'conversation_not_found')
  })
})
