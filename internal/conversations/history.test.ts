import assert from 'node:assert/strict'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { openConversation } from './direct.ts'
import { listDirectMessages } from './history.ts'
import { type ReceiptsKit, receiptsKit } from './receipts-kit.test.ts'

describe('the list of direct messages', () => {
  let database: TestDatabase
  let kit: ReceiptsKit
  before(async () => {
    database = await testDatabase()
    kit = receiptsKit(database.db)
  })
  after(() => database.drop())

  it('looks up the times of what is on the page, however many messages there are', async () => {
    const { db } = database
    const ada = await kit.person()
    for (let n = 0; n < 3; n++) {
      const other = await kit.person()
      const members = { members: [other.username], name: null }
      const { id } = await openConversation(db, ada, members, new Date())
      await kit.posts(n === 1 ? other : ada, id, 20)
      await kit.apply(kit.read(n === 1 ? ada : other, id, 15))
    }
    const since = new Date(Date.now() - 60_000)
    const all = await listDirectMessages(db, ada.id, { since, before: undefined, limit: 100 })
    assert.equal(all.length, 60)
    assert.equal(all.filter(({ read_at }) => read_at).length, 45)
    assert.deepEqual(
      all.map(({ id }) => id),
      all.map(({ id }) => id).toSorted((a, b) => b - a),
    )
    await db.transaction(async (trx) => {
      const looks = async (): Promise<number> => {
        const { rows } = await trx.raw(
          `select (seq_scan + idx_scan)::int as scans from pg_stat_xact_user_tables where relname = 'receipts'`,
        )
        return rows[0].scans
      }
      const before = await looks()
      const page = await listDirectMessages(trx, ada.id, { since, before: all[24]!.id, limit: 5 })
      assert.deepEqual(page, all.slice(25, 30))
      assert.ok((await looks()) - before <= 2 * page.length)
    })
  })
})
