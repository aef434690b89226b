import assert from 'node:assert/strict'
import type { Knex } from 'knex'
import type { ConversationMark } from '#internal/events/mark'
import type { Problem } from '#internal/runtime/problem'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import type { Actor } from './conversation.ts'
import { markRead } from './receipts-apply.ts'
import { type ReceiptsKit, receiptsKit, time } from './receipts-kit.test.ts'
import { joinTopic, leaveTopic } from './topics.ts'

describe('marks of conversations, many of them', () => {
  let database: TestDatabase
  let db: Knex
  let kit: ReceiptsKit
  before(async () => {
    database = await testDatabase()
    db = database.db
    kit = receiptsKit(db)
  })
  after(() => database.drop())

  it('do what a simple model does, whatever comes in whatever order', async function () {
    this.timeout(60_000)
    let seed = 20_260_101
    const random = (n: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((seed / 2_147_483_648) * n)
    }
    const people = [await kit.person(), await kit.person(), await kit.person()]
    const ids = [await kit.topic(people[0]!), await kit.topic(people[0]!)]
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
        await kit.post(who, id)
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
          if (random(3) === 0) return kit.read(whose, where, random(last + 3), at)
          const after = random(last + 2)
          return kit.delivered(whose, where, after, after + random(8), at)
        })
        await kit.apply(...marks)
        model(marks)
      }
    }
    for (const who of people)
      for (const id of ids) {
        const key = keyOf(who, id)
        assert.deepEqual(await kit.timesOf(who, id), times.get(key) ?? new Map(), key)
        const expected = models.get(key)
        const row = await kit.memberOf(who, id)
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
    const people = await Promise.all([1, 2, 3, 4].map(() => kit.person()))
    const ids = [await kit.topic(people[0]!), await kit.topic(people[0]!), await kit.topic(people[0]!)]
    for (const id of ids) for (const who of people.slice(1)) await joinTopic(db, id, who, new Date())
    const rounds = 25
    const poster = async (who: Actor, k: number) => {
      for (let i = 0; i < rounds; i++) await kit.post(who, ids[(i + k) % ids.length]!)
    }
    const marker = async (k: number) => {
      for (let i = 0; i < rounds; i++) {
        const batch = people.flatMap((who) =>
          ids.flatMap((id) => [
            kit.delivered(who, id, Math.max(0, i - 3), i + k, time(i)),
            kit.read(who, id, i, time(i)),
          ]),
        )
        await kit.apply(...(k % 2 ? batch : batch.toReversed()))
      }
    }
    const reader = async (who: Actor) => {
      for (let i = 1; i < rounds; i++) await markRead(db, who.id, ids[i % 3]!, i, new Date()).catch(onlyTooFar)
    }
    const onlyTooFar = (error: Error) => assert.equal((error as Problem).code, 'invalid_fields')
    await Promise.all([...people.map(poster), ...[1, 2, 3].map(marker), ...people.map(reader)])
    for (const id of ids) {
      const { last_seq } = await db('conversations').where({ id }).first()
      await kit.apply(...people.map((who) => kit.delivered(who, id, 0, last_seq, time(99))))
      for (const who of people) {
        const member = await kit.memberOf(who, id)
        const { count } = (
          await db('messages')
            .where({ conversation_id: id, author_id: who.id })
            .andWhere('seq', '>', member.read_seq)
            .count()
        )[0]!
        assert.equal(member.own_since_read, count)
        assert.equal(member.delivered.length, last_seq)
        const times = await kit.timesOf(who, id)
        for (let seq = 1; seq <= member.read_seq; seq++) assert.ok(times.has(`read ${seq}`))
      }
    }
  })
})
