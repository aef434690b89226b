import assert from 'node:assert/strict'
import type { Knex } from 'knex'
import { prepared } from '#internal/db/pool'
import type { LogEvent } from '#internal/events/event'
import { relayBatch } from '#internal/log/relay-sql'
import { accountScopes, changeOf, Visibility } from '#internal/stream/visibility'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import type { Actor } from './conversation.ts'
import { asOf, isPublicTopic, membershipsAsOf } from './memberships.ts'
import { changeTopic, createTopic, deleteTopic, joinTopic, leaveTopic } from './topics.ts'

describe('memberships as of a position', () => {
  let database: TestDatabase
  let db: Knex
  let people: Actor[]
  beforeEach(async () => {
    database = await testDatabase()
    db = database.db
    const rows = [1, 2, 3].map((n) => ({
      username: `p${n}`,
      role: 'member',
      password_hash: '',
      created_at: new Date(),
    }))
    const ids = await db('accounts').insert(rows).returning('id')
    people = ids.map(({ id }, i) => ({ id, username: rows[i]!.username, role: 'member' }))
  })
  afterEach(() => database.drop())

  const topic = async (visibility: 'public' | 'private' = 'public') => {
    const fields = { name: 't', description: null, visibility, members_may_invite: false }
    return (await createTopic(db, people[0]!, fields, new Date())).id
  }
  const relay = (n: number) => prepared(db, relayBatch, [n])
  const head = async () => (await db('log_head').first()).position as number
  /** The log, and what is on its way there with the positions that it will have. */
  const everything = async (): Promise<LogEvent[]> => {
    const events = await db('events').orderBy('position')
    const coming = await db('outbox').orderBy('id')
    return [...events, ...coming.map((row, i) => ({ ...row, position: events.length + i + 1 }))]
  }

  /** Positions after `after` of the events that an account sees of conversations, by the rule and not by the code. */
  function due(events: LogEvent[], { id }: Actor, now: Set<number>, after: number): number[] {
    const inside = new Set<number>()
    return events.flatMap(({ position, scope, event, data }) => {
      if (scope.startsWith('conversation:')) {
        const of = Number(scope.split(':')[1])
        return position > after && now.has(of) && inside.has(of) ? [position] : []
      }
      if (scope !== `account:${id}`) return []
      const { conversation, conversation_id } = JSON.parse(data)
      if (event === 'conversation.joined') inside.add(conversation.id)
      else inside.delete(conversation_id)
      const shown = event === 'conversation.left' || now.has(conversation.id)
      return position > after && shown ? [position] : []
    })
  }

  function walked(events: LogEvent[], visibility: Visibility, after: number): number[] {
    return events.flatMap(({ position, scope, event, data }) => {
      if (position <= after || !visibility.scopes.includes(scope) || scope === 'topics') return []
      const placed = { position, scope, change: changeOf({ event, data }) }
      const shown = visibility.shows(placed)
      visibility.apply(placed)
      return shown ? [position] : []
    })
  }

  it('and the walk from there show exactly what an account may see, whatever happened and however far the relay is', async function () {
    this.timeout(60_000)
    let seed = 7
    const random = (n: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((seed / 2_147_483_648) * n)
    }
    const ids = [await topic(), await topic(), await topic(), await topic()]
    const gone = new Set<number>()
    const note = (id: number) =>
      db('outbox').insert({ scope: `conversation:${id}`, event: 'message.posted', at: new Date(), data: '{"seq":1}' })
    for (let step = 0; step < 160; step++) {
      const [who, id] = [people[random(3)]!, ids[random(4)]!]
      if (step === 100) {
        await deleteTopic(db, ids[3]!, { ...people[0]!, role: 'admin' }, new Date())
        gone.add(ids[3]!)
      }
      await note(id)
      const isMember = await db('members').where({ conversation_id: id, account_id: who.id }).first()
      if (!gone.has(id)) await (isMember ? leaveTopic : joinTopic)(db, id, who, new Date())
      await note(id)
      if (random(2)) await relay(1 + random(8))
      if (step % 20 !== 19) continue
      const events = await everything()
      const positions = Array.from({ length: (await head()) + 1 }, (_, n) => n)
      const keys = people.flatMap(({ id: accountId }) => positions.map((after) => ({ accountId, after })))
      const found = await membershipsAsOf(db, keys)
      for (const [i, person] of people.entries()) {
        const now = new Set<number>(await db('members').where({ account_id: person.id }).pluck('conversation_id'))
        for (const after of positions) {
          const start = found[i * positions.length + after]!
          const visibility = new Visibility(accountScopes(person.id, 'member'))
          visibility.begin(start)
          assert.deepEqual(walked(events, visibility, after), due(events, person, now, after))
          assert.ok(visibility.settled)
          assert.deepEqual(visibility.scopes.length - 2, now.size)
        }
      }
    }
  })

  it('are none for who was never in one, at the cost of one statement for all', async () => {
    const keys = Array.from({ length: 1000 }, (_, n) => ({ accountId: 1_000_000 + n, after: n }))
    const found = await membershipsAsOf(db, keys)
    assert.equal(found.length, 1000)
    assert.ok(found.every(({ members, gone }) => members.length === 0 && gone.size === 0))
  })

  it('look at no more of the log than the account itself has in it', async () => {
    await db.raw(`
      insert into events (position, scope, event, at, data)
      select n, case when n % 2 = 0 then 'account:' || n else 'conversation:' || n % 50 end, 'conversation.joined', now(),
        '{"conversation":{"id":1}}' from generate_series(1, 60000) n;
      update log_head set position = 60000;
      analyze events`)
    const keys = Array.from({ length: 500 }, (_, n) => ({ accountId: n * 2 + 2, after: 0 }))
    const found = await membershipsAsOf(db, keys)
    assert.ok(found.every(({ gone }) => gone.get(1) === 1))
    const explain = { name: 'explain_as_of', text: `explain (format text) ${asOf.text}` }
    const values = [keys.map(({ accountId }) => accountId), keys.map(({ after }) => after)]
    const plan = (await prepared<{ 'QUERY PLAN': string }>(db, explain, values))
      .map((row) => row['QUERY PLAN'])
      .join('\n')
    assert.match(plan, /Index.* Scan using events_p000000_scope_position_idx/)
    assert.doesNotMatch(plan, /Seq Scan on events_p000000/)
  })

  it('of nobody are needed to read a public topic', async () => {
    const [open, closed] = [await topic(), await topic('private')]
    assert.deepEqual(await Promise.all([open, closed, 999].map((id) => isPublicTopic(db, id))), [true, false, false])
    await changeTopic(db, open, people[0]!, { visibility: 'private' }, new Date())
    assert.equal(await isPublicTopic(db, open), false)
  })
})
