import assert from 'node:assert/strict'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { findMessages } from './find.ts'

const total = 60_000

/*
 * Message n is in conversation 1 + n % 10; the last of them is private. Every message has `all` and its own number; `old` is in the
 * first half, `hidden` in the private ones, `rare` in each 10,000th.
 */
describe('a search among many messages', function () {
  this.timeout(60_000)
  let database: TestDatabase
  before(async () => {
    database = await testDatabase()
    const { db } = database
    await db.raw(`
      insert into accounts (username, role, password_hash, created_at) values ('ada', 'member', '', now()), ('bob', 'member', '', now());
      insert into conversations (kind, name, visibility, last_activity_at, created_at)
        select 'topic', 't' || n, case when n = 10 then 'private' else 'public' end, now(), now() from generate_series(1, 10) n;
      insert into members (conversation_id, account_id, joined_at, joined_seq, read_seq)
        select 10, id, now(), 0, 0 from accounts where username = 'ada';
      drop index messages_search;
      insert into messages (conversation_id, seq, author_id, body, created_at)
        select 1 + n % 10, 1 + n / 10, 1, 'all ' || n || case when n < ${total / 2} then ' old' else '' end
          || case when n % 10 = 9 then ' hidden' else '' end || case when n % 10000 = 0 then ' rare' else '' end, now()
        from generate_series(0, ${total} - 1) n order by n;
      create index messages_search on messages using gin (search);
      analyze messages`)
  })
  after(() => database.drop())

  const accountId = async (username: string) => (await database.db('accounts').where({ username }).first()).id
  /** All matches, oldest last, and how many pages it took. */
  const findAll = async (
    text: string,
    { who = 'bob', limit = 200, conversationId = undefined as number | undefined } = {},
  ) => {
    const search = { text, accountId: await accountId(who), limit, conversationId }
    const ids: number[] = []
    let pages = 0
    for (let before: number | undefined; ; ) {
      const page = await findMessages(database.db, { ...search, before })
      ids.push(...page.ids)
      pages++
      if (page.next === undefined) return { ids, pages }
      before = page.next
    }
  }
  const expected = async (where: string, who = 'bob'): Promise<number[]> => {
    const rows = database.db('messages').whereRaw(where).orderBy('id', 'desc')
    return (who === 'ada' ? rows : rows.whereNot({ conversation_id: 10 })).pluck('id')
  }

  it('finds rare words at once', async () => {
    assert.deepEqual(await findAll('rare'), { ids: await expected(`body like '%rare%'`), pages: 1 })
    assert.deepEqual((await findAll('31234')).ids, await expected(`body like '% 31234%'`))
    assert.deepEqual(await findAll('31239'), { ids: [], pages: 1 })
    assert.equal((await findAll('31239', { who: 'ada' })).ids.length, 1)
  })
  it('fills pages of frequent words from the newest', async () => {
    const page = await findMessages(database.db, { text: 'all', accountId: await accountId('bob'), limit: 3 })
    assert.deepEqual(page.ids, (await expected('true')).slice(0, 3))
  })
  it('misses and repeats nothing on the way to frequent words that are far away', async () => {
    const { ids } = await findAll('old -rare')
    assert.deepEqual(ids, await expected(`body like '% old%' and body not like '%rare%'`))
  })
  it('ends a page early rather than look at everything, and the list all the same', async () => {
    const { ids, pages } = await findAll('hidden')
    assert.deepEqual(ids, [])
    assert.equal(pages, 2)
    assert.deepEqual((await findAll('hidden', { who: 'ada' })).ids, await expected(`body like '%hidden%'`, 'ada'))
  })
  it('goes by what is not said, too', async () => {
    assert.deepEqual((await findAll('-all')).ids, [])
    assert.deepEqual((await findAll('-old')).ids, await expected(`body not like '% old%'`))
  })
  it('keeps to one conversation', async () => {
    const inThree = (ids: number[]) => ids.filter((id) => (id - 1) % 10 === 2)
    const { ids } = await findAll('old', { conversationId: 3 })
    assert.deepEqual(ids, inThree(await expected(`body like '% old%'`)))
    assert.deepEqual((await findAll('rare', { conversationId: 3 })).ids, [])
    assert.deepEqual((await findAll('rare', { conversationId: 1 })).ids, await expected(`body like '%rare%'`))
  })
  it('takes pages of any size', async () => {
    for (const limit of [1, 2, 5, 6, 7])
      assert.deepEqual((await findAll('rare', { limit })).ids, await expected(`body like '%rare%'`))
  })
  it('answers phrases whose words are everywhere, but not side by side', async () => {
    assert.deepEqual((await findAll('"old all"')).ids, [])
    assert.deepEqual((await findAll('"old all" or rare')).ids, await expected(`body like '%rare%'`))
  })
})
