import assert from 'node:assert/strict'
import type { Knex } from 'knex'
import type { ConversationMark } from '#internal/events/mark'
import type { Problem } from '#internal/runtime/problem'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import type { Actor } from './conversation.ts'
import { openConversation } from './direct.ts'
import { postMessage } from './post.ts'
import { applyConversationMarks, markRead } from './receipts-apply.ts'
import { createTopic, joinTopic, leaveTopic } from './topics.ts'

const nothingAttached = {
  attach: async () => undefined,
  attachmentsOf: async () => new Map<number, object[]>(),
  removeAttachmentsOf: async () => undefined,
}
const clock = { now: () => new Date() }
const time = (second: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, second)).toISOString()

describe('marks of conversations', () => {
  let database: TestDatabase
  let db: Knex
  let made = 0
  before(async () => {
    database = await testDatabase()
    db = database.db
  })
  after(() => database.drop())

  async function person(): Promise<Actor> {
    const username = `p${++made}`
    const row = { username, role: 'member', password_hash: '', created_at: new Date() }
    const [{ id }] = await db('accounts').insert(row).returning('id')
    return { id, username, role: 'member' }
  }
  async function topic(owner: Actor): Promise<number> {
    const fields = { name: 't', description: null, visibility: 'public' as const, members_may_invite: false }
    return (await createTopic(db, owner, fields, new Date())).id
  }
  const post = (author: Actor, id: number) => postMessage(db, author, id, { body: 'x' }, new Date(), nothingAttached)
  const posts = async (author: Actor, id: number, n: number) => {
    for (let i = 0; i < n; i++) await post(author, id)
  }
  const apply = (...marks: ConversationMark[]) => db.transaction((trx) => applyConversationMarks(trx, marks, clock))
  const delivered = (who: Actor, id: number, after: number, upTo: number, at = time(0)): ConversationMark => ({
    kind: 'delivered',
    account_id: who.id,
    conversation_id: id,
    after_seq: after,
    up_to_seq: upTo,
    at,
  })
  const read = (who: Actor, id: number, seq: number, at = time(0)): ConversationMark => ({
    kind: 'read',
    account_id: who.id,
    conversation_id: id,
    seq,
    at,
  })
  /** Times by kind and seq, from the ranges; a seq twice in one kind is an error. */
  async function timesOf(who: Actor, id: number): Promise<Map<string, string>> {
    const times = new Map<string, string>()
    const rows = await db('receipts').where({ account_id: who.id, conversation_id: id })
    for (const { kind, after_seq, up_to_seq, at } of rows)
      for (let seq = after_seq + 1; seq <= up_to_seq; seq++) {
        assert.ok(!times.has(`${kind} ${seq}`), `${kind} ${seq} twice`)
        times.set(`${kind} ${seq}`, at.toISOString())
      }
    return times
  }
  async function memberOf(who: Actor, id: number) {
    const { rows } = await db.raw(
      `select joined_seq, read_seq, own_since_read, array(
         select s from unnest(delivered) r cross join generate_series(lower(r), upper(r) - 1) s order by s) as delivered
       from members where account_id = ? and conversation_id = ?`,
      [who.id, id],
    )
    return rows[0] && { ...rows[0], delivered: rows[0].delivered.map(Number) }
  }
  const receiptEvents = async (scope: string) =>
    (await db('outbox').where({ scope, event: 'receipt.advanced' }).orderBy('id')).map(({ data }) => JSON.parse(data))

  it('deliver each message once, at the first time that came, and nothing that was not posted to the member', async () => {
    const [ada, bob] = [await person(), await person()]
    const id = await topic(ada)
    await posts(ada, id, 3)
    await joinTopic(db, id, bob, new Date())
    await posts(ada, id, 5)
    await apply(delivered(bob, id, 4, 6, time(1)))
    await apply(delivered(bob, id, 0, 99, time(2)), delivered(bob, id, 4, 6, time(3)))
    const [four, five, six, seven, eight] = [4, 5, 6, 7, 8].map((seq) => `delivered ${seq}`)
    assert.deepEqual(
      await timesOf(bob, id),
      new Map([
        [five!, time(1)],
        [six!, time(1)],
        [four!, time(2)],
        [seven!, time(2)],
        [eight!, time(2)],
      ]),
    )
    assert.deepEqual((await memberOf(bob, id)).delivered, [4, 5, 6, 7, 8])
    assert.deepEqual(await receiptEvents(`conversation:${id}`), [])
    assert.deepEqual(await receiptEvents(`account:${bob.id}`), [])
  })

  it('move reads forward only, with what was read delivered and own messages never unread', async () => {
    const [ada, bob] = [await person(), await person()]
    const id = await topic(ada)
    await joinTopic(db, id, bob, new Date())
    await posts(ada, id, 2)
    await posts(bob, id, 2)
    await posts(ada, id, 2)
    assert.equal((await memberOf(bob, id)).own_since_read, 2)
    await apply(read(bob, id, 3, time(1)))
    await apply(read(bob, id, 2, time(2)), read(bob, id, 3, time(3)), delivered(bob, id, 1, 2, time(4)))
    assert.deepEqual(await memberOf(bob, id), { joined_seq: 0, read_seq: 3, own_since_read: 1, delivered: [1, 2, 3] })
    await apply(read(bob, id, 600, time(6)), read(bob, id, 5, time(5)), read(bob, id, 7, time(7)))
    assert.deepEqual((await timesOf(bob, id)).get('read 5'), time(5))
    assert.deepEqual((await timesOf(bob, id)).get('read 6'), time(6))
    assert.equal((await memberOf(bob, id)).own_since_read, 0)
    const common = { conversation_id: id, username: bob.username, kind: 'read' }
    assert.deepEqual(await receiptEvents(`account:${bob.id}`), [
      { ...common, after_seq: 0, up_to_seq: 3, at: time(1) },
      { ...common, after_seq: 3, up_to_seq: 5, at: time(5) },
      { ...common, after_seq: 5, up_to_seq: 6, at: time(6) },
    ])
    assert.deepEqual(await receiptEvents(`conversation:${id}`), [])
  })

  it('tell both sides of a direct conversation', async () => {
    const [ada, bob] = [await person(), await person()]
    const { conversation } = await openConversation(db, ada, { members: [bob.username], name: null }, new Date())
    const { id } = conversation
    await posts(ada, id, 3)
    await apply(delivered(bob, id, 0, 2, time(1)), delivered(bob, id, 1, 3, time(2)), read(bob, id, 2, time(3)))
    const common = { conversation_id: id, username: bob.username }
    assert.deepEqual(await receiptEvents(`conversation:${id}`), [
      { ...common, kind: 'delivered', after_seq: 0, up_to_seq: 2, at: time(1) },
      { ...common, kind: 'delivered', after_seq: 2, up_to_seq: 3, at: time(2) },
      { ...common, kind: 'read', after_seq: 0, up_to_seq: 2, at: time(3) },
    ])
    assert.deepEqual(await receiptEvents(`account:${bob.id}`), [])
  })

  it('change nothing for who is no member, what is deleted, and numbers that cannot be', async () => {
    const [ada, eve] = [await person(), await person()]
    const [id, gone] = [await topic(ada), await topic(ada)]
    await posts(ada, id, 2)
    await posts(ada, gone, 2)
    await db('conversations').where({ id: gone }).update({ deleted_at: new Date() })
    await apply(
      ...[delivered(eve, id, 0, 2), read(eve, id, 2), delivered(ada, gone, 0, 2), read(ada, gone, 2)],
      ...[delivered(ada, id, 2, 1), delivered(ada, id, -5, 0), read(ada, id, -1), read(ada, 999_999, 1)],
      ...[delivered(ada, id, 0, 1e300), read(ada, id, 1.5), read({ ...ada, id: -1 }, id, 1)],
      delivered(ada, id, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER),
    )
    assert.deepEqual(await db('receipts').whereIn('conversation_id', [id, gone]), [])
    await apply()
  })

  it('are given by REST with a clear answer', async () => {
    const [ada, eve] = [await person(), await person()]
    const id = await topic(ada)
    await posts(ada, id, 2)
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
    assert.equal((await memberOf(ada, id)).read_seq, 2)
    assert.equal((await timesOf(ada, id)).get('read 2'), time(1))
    assert.equal((await receiptEvents(`account:${ada.id}`)).length, 1)
    await db('conversations').where({ id }).update({ deleted_at: new Date() })
    assert.equal(await status(ada, id, 1), 'conversation_not_found')
  })

  it('do what a simple model does, whatever comes in whatever order', async function () {
    this.timeout(60_000)
    let seed = 20_260_101
    const random = (n: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((seed / 2_147_483_648) * n)
    }
    const people = [await person(), await person(), await person()]
    const ids = [await topic(people[0]!), await topic(people[0]!)]
    const authors = new Map(ids.map((id) => [id, [] as Actor[]]))
    interface Model {
      joined: number
      read: number
      delivered: Set<number>
    }
    const models = new Map<string, Model>()
    const times = new Map<string, Map<string, string>>()
    const keyOf = (who: Actor, id: number) => `${who.id} ${id}`
    const join = (who: Actor, id: number) => {
      const last = authors.get(id)!.length
      models.set(keyOf(who, id), { joined: last, read: last, delivered: new Set() })
    }
    for (const id of ids) join(people[0]!, id)

    function model(marks: ConversationMark[]): void {
      const ordered = marks.toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1))
      for (const kind of ['delivered', 'read']) for (const mark of ordered) if (mark.kind === kind) modelOne(mark)
    }
    function modelOne(mark: ConversationMark): void {
      const key = `${mark.account_id} ${mark.conversation_id}`
      const member = models.get(key)
      if (!member) return
      const last = authors.get(mark.conversation_id)!.length
      const own = times.get(key) ?? times.set(key, new Map()).get(key)!
      if (mark.kind === 'read') {
        const upTo = Math.min(mark.seq, last)
        if (upTo <= member.read) return
        for (let seq = member.read + 1; seq <= upTo; seq++) own.set(`read ${seq}`, mark.at)
        for (let seq = member.joined + 1; seq <= upTo; seq++) member.delivered.add(seq)
        member.read = upTo
      } else
        for (let seq = Math.max(mark.after_seq, member.joined) + 1; seq <= Math.min(mark.up_to_seq, last); seq++) {
          if (member.delivered.has(seq)) continue
          member.delivered.add(seq)
          own.set(`delivered ${seq}`, mark.at)
        }
    }

    for (let step = 0; step < 250; step++) {
      const [who, id] = [people[random(3)]!, ids[random(2)]!]
      const isMember = models.has(keyOf(who, id))
      const dice = random(10)
      if (dice < 4) {
        if (!isMember) join(who, id)
        await post(who, id)
        authors.get(id)!.push(who)
      } else if (dice === 4 && who !== people[0]) {
        if (isMember) {
          await leaveTopic(db, id, who, new Date())
          models.delete(keyOf(who, id))
        } else {
          await joinTopic(db, id, who, new Date())
          join(who, id)
        }
      } else {
        const marks = Array.from({ length: 1 + random(6) }, () => {
          const [whose, where] = [people[random(3)]!, ids[random(2)]!]
          const last = authors.get(where)!.length
          const at = time(step * 10 + random(10))
          if (random(3) === 0) return read(whose, where, random(last + 3), at)
          const after = random(last + 2)
          return delivered(whose, where, after, after + random(8), at)
        })
        await apply(...marks)
        model(marks)
      }
    }
    for (const who of people)
      for (const id of ids) {
        const key = keyOf(who, id)
        assert.deepEqual(await timesOf(who, id), times.get(key) ?? new Map(), key)
        const expected = models.get(key)
        const row = await memberOf(who, id)
        assert.equal(row === undefined, expected === undefined)
        if (!expected) continue
        const own = authors.get(id)!.filter((author, i) => author === who && i + 1 > expected.read).length
        assert.deepEqual(row, {
          joined_seq: expected.joined,
          read_seq: expected.read,
          own_since_read: own,
          delivered: [...expected.delivered].toSorted((a, b) => a - b),
        })
      }
  })

  it('come in concurrent batches while others post, without a deadlock, a repeat or a miscount', async function () {
    this.timeout(60_000)
    const people = await Promise.all([1, 2, 3, 4].map(() => person()))
    const ids = [await topic(people[0]!), await topic(people[0]!), await topic(people[0]!)]
    for (const id of ids) for (const who of people.slice(1)) await joinTopic(db, id, who, new Date())
    const rounds = 25
    const poster = async (who: Actor, k: number) => {
      for (let i = 0; i < rounds; i++) await post(who, ids[(i + k) % ids.length]!)
    }
    const marker = async (k: number) => {
      for (let i = 0; i < rounds; i++) {
        const batch = people.flatMap((who) =>
          ids.flatMap((id) => [delivered(who, id, Math.max(0, i - 3), i + k, time(i)), read(who, id, i, time(i))]),
        )
        await apply(...(k % 2 ? batch : batch.toReversed()))
      }
    }
    const reader = async (who: Actor) => {
      for (let i = 1; i < rounds; i++) await markRead(db, who.id, ids[i % 3]!, i, new Date()).catch(onlyTooFar)
    }
    const onlyTooFar = (error: Error) => assert.equal((error as Problem).code, 'invalid_fields')
    await Promise.all([...people.map(poster), ...[1, 2, 3].map(marker), ...people.map(reader)])
    for (const id of ids) {
      const { last_seq } = await db('conversations').where({ id }).first()
      await apply(...people.map((who) => delivered(who, id, 0, last_seq, time(99))))
      for (const who of people) {
        const member = await memberOf(who, id)
        const { count } = (
          await db('messages')
            .where({ conversation_id: id, author_id: who.id })
            .andWhere('seq', '>', member.read_seq)
            .count()
        )[0]!
        assert.equal(member.own_since_read, count)
        assert.equal(member.delivered.length, last_seq)
        const times = await timesOf(who, id)
        for (let seq = 1; seq <= member.read_seq; seq++) assert.ok(times.has(`read ${seq}`))
      }
    }
  })
})
