import assert from 'node:assert/strict'
import type { Knex } from 'knex'
import type { LogEvent } from '#internal/events/event'
import type { Mark } from '#internal/events/mark'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { deleteDeadLetter, listDeadLetters, replayDeadLetter } from './dead-letters.ts'
import { createPostgresLog } from './postgres/log.ts'
import { type ReplayHandler, replayEvent, replayTurn } from './replays.ts'

describe('replaying dead letters', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await testDatabase()
  })
  afterEach(() => database.drop())

  const turn = (handlers: Record<string, ReplayHandler>) => replayTurn(database.db, new Map(Object.entries(handlers)))
  const letter = async (id: number) => database.db('dead_letters').where({ id }).first()
  const log = () => createPostgresLog({ db: database.db, logger: silentLog, metrics: createMetrics('test') })
  const theLetter = async (source: string) =>
    waitFor(async () => (await listDeadLetters(database.db, 'dead', undefined, 10)).find((l) => l.source === source), {
      what: `a dead letter of ${source}`,
    })

  it('has its group handle an event again, as it came', async () => {
    const event = { scope: 'account:1', event: 'account.updated', at: new Date(), data: '{"a":"ü"}' }
    await database.db('events').insert({ ...event, position: 1 })
    await database.db('log_head').update({ position: 1 })
    let works = false
    const handled: LogEvent[] = []
    const handler = async (_trx: Knex.Transaction, got: LogEvent) => {
      if (!works) throw new Error('not yet')
      handled.push(got)
    }
    const group = log().consume('group', handler)
    const { id, position } = await theLetter('group')
    await group.stop()
    assert.equal(position, 1)

    await replayDeadLetter(database.db, id)
    await turn({ group: replayEvent(handler) })
    const again = await letter(id)
    assert.deepEqual([again.state, again.error, again.replayed_at], ['dead', 'Error: not yet', null])

    works = true
    await replayDeadLetter(database.db, id)
    await turn({ group: replayEvent(handler) })
    assert.deepEqual(handled, [{ ...event, position: 1, traceparent: null }])
    assert.equal((await letter(id)).state, 'replayed')
    await assert.rejects(replayDeadLetter(database.db, id), { code: 'dead_letter_replayed' })
    assert.equal(await turn({ group: replayEvent(handler) }), 'none')
  })

  it('applies a mark again', async () => {
    const mark: Mark = { kind: 'read', object_id: 1, alert_id: 2, at: new Date().toISOString() }
    const receiver = log().receiveMarks(async () => {
      throw new Error('not yet')
    })
    await log().sendMarks([mark])
    const { id } = await theLetter('marks')
    await receiver.stop()
    const got: Mark[] = []
    await replayDeadLetter(database.db, id)
    await turn({ marks: async (_trx, again: Mark) => void got.push(again) })
    assert.deepEqual(got, [mark])
  })

  it('happens once, whatever the number of workers, together with what the handler writes', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => ({ source: 'x', payload: JSON.stringify({ n }), error: 'e' }))
    await database.db('dead_letters').insert(rows)
    await database.db('dead_letters').update({ state: 'queued' })
    const handle: ReplayHandler = async (trx, { n }: { n: number }) => {
      await trx('login_failures').insert({ key: `n${n}` })
      if (n % 10 === 0) throw new Error('no')
    }
    const work = async () => {
      while ((await turn({ x: handle })) !== 'none');
    }
    await Promise.all([work(), work(), work()])
    assert.equal((await database.db('login_failures')).length, 54)
    assert.equal((await database.db('dead_letters').where({ state: 'replayed' })).length, 54)
    assert.equal((await database.db('dead_letters').where({ state: 'dead', error: 'Error: no' })).length, 6)
  })

  it('waits for a worker that knows the source, and does not happen to what was deleted', async () => {
    const row = { payload: '{}', error: 'e', state: 'queued' }
    const ids: { id: number }[] = await database
      .db('dead_letters')
      .insert([
        { ...row, source: 'other' },
        { ...row, source: 'x' },
      ])
      .returning('id')
    await deleteDeadLetter(database.db, ids[1]!.id)
    assert.equal(await turn({ x: async () => assert.fail('deleted') }), 'none')
    assert.equal((await letter(ids[0]!.id)).state, 'queued')
  })
})
