import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { LogEvent, NewEvent } from '#internal/events/event'
import type { InboxMark, Mark } from '#internal/events/mark'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { headPosition } from './head.ts'
import type { Log, Subscription } from './log.ts'
import { emit } from './outbox.ts'
import { ensurePartitions, partitionSize } from './partitions.ts'
import { type Relay, startRelay } from './relay.ts'

export interface SuiteLog {
  log: Log
  /** Ends what the log itself keeps open. */
  close?: () => Promise<void>
}

/** What any implementation of the log must do. `make` is called once per process that a test plays. */
export function describeLog(name: string, make: (database: TestDatabase) => Promise<SuiteLog>): void {
  describe(`log: ${name}`, () => {
    let database: TestDatabase
    let running: (Subscription | { stop: () => Promise<void> | undefined })[] = []

    beforeEach(async () => {
      database = await testDatabase()
      running = []
    })
    afterEach(async () => {
      for (const part of running.toReversed()) await part.stop()
      await database.drop()
    })

    const metrics = createMetrics('test')

    async function process(): Promise<Log> {
      const { log, close } = await make(database)
      running.push({ stop: async () => close?.() })
      return log
    }

    async function relay(): Promise<Relay> {
      const started = startRelay({
        url: database.url,
        log: await process(),
        logger: silentLog,
        metrics,
        makePartitions: async () => ensurePartitions(database.db, (await headPosition(database.db)) + 1, 1),
        batchSize: 50,
      })
      running.push(started)
      return started
    }

    async function follower(after = 0) {
      const seen: LogEvent[] = []
      running.push((await process()).follow(after, (events) => void seen.push(...events)))
      return seen
    }

    const note = (account: number, n: number): NewEvent => ({
      scope: `account:${account}`,
      event: 'account.updated',
      data: { account, n, text: 'ü "quoted" \\ \u2028 \u{1f600}' },
    })
    const write = (...events: NewEvent[]) => database.db.transaction((trx) => emit(trx, events, new Date()))
    const positions = (events: LogEvent[]) => events.map((event) => event.position)
    const ascending = (numbers: number[]) => numbers.toSorted((a, b) => a - b)
    const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)
    async function deadLetters() {
      await waitFor(() => database.db('dead_letters').first('id'), { what: 'the dead letter' })
      return database.db('dead_letters')
    }
    const dataOf = (events: LogEvent[]) => events.map((event) => JSON.parse(event.data))
    const numbersOf = (events: LogEvent[]): number[] => dataOf(events).map((data) => data.n)

    it('gives concurrent writers positions without a gap, and each scope its commit order', async () => {
      await relay()
      const seen = await follower()
      const writer = async (account: number) => {
        for (let n = 0; n < 40; n++) await write(note(account, n))
      }
      await Promise.all(upTo(8).map(writer))
      await waitFor(() => seen.length >= 320, { what: '320 events' })
      assert.deepEqual(positions(seen), upTo(320))
      for (const account of upTo(8)) {
        const own = dataOf(seen.filter((event) => event.scope === `account:${account}`))
        assert.deepEqual(
          own.map((data) => data.n),
          upTo(40).map((n) => n - 1),
        )
      }
    })

    it('carries the data as the very text that was emitted', async () => {
      await relay()
      const seen = await follower()
      await write(note(1, 1))
      await waitFor(() => seen.length === 1, { what: 'the event' })
      assert.equal(seen[0]!.data, JSON.stringify(note(1, 1).data))
      assert.ok(seen[0]!.at instanceof Date)
    })

    it('never shows an event whose transaction was rolled back, nor leaves a gap for it', async () => {
      await relay()
      const seen = await follower()
      await write(note(1, 1))
      await database.db
        .transaction(async (trx) => {
          await emit(trx, [note(1, 2)], new Date())
          throw new Error('rolled back')
        })
        .catch(() => undefined)
      await write(note(1, 3))
      await waitFor(() => seen.length === 2, { what: 'both events' })
      assert.deepEqual(positions(seen), [1, 2])
      assert.deepEqual(numbersOf(seen), [1, 3])
    })

    it('places an event that commits late after those that committed before it', async () => {
      await relay()
      const seen = await follower()
      const late = await database.db.transaction()
      await emit(late, [note(1, 1)], new Date())
      await write(note(2, 2))
      await waitFor(() => seen.length === 1, { what: 'the event that committed first' })
      await late.commit()
      await waitFor(() => seen.length === 2, { what: 'the late event' })
      assert.deepEqual(numbersOf(seen), [2, 1])
    })

    it('starts a follower after the position that it names', async () => {
      await relay()
      const first = await follower()
      await write(...upTo(120).map((n) => note(1, n)))
      await waitFor(() => first.length === 120, { what: 'all events' })
      const second = await follower(100)
      await write(note(1, 121))
      await waitFor(() => second.length === 21, { what: 'the rest' })
      assert.deepEqual(
        positions(second),
        upTo(121).filter((n) => n > 100),
      )
    })

    it('holds the next batch back while a follower works on one', async () => {
      await relay()
      let busy = 0
      let overlaps = 0
      let count = 0
      const log = await process()
      running.push(
        log.follow(0, async (events) => {
          if (busy++ > 0) overlaps++
          await delay(5)
          count += events.length
          busy--
        }),
      )
      for (const n of upTo(30)) await write(note(1, n))
      await waitFor(() => count === 30, { what: 'all events' })
      assert.equal(overlaps, 0)
    })

    it('keeps one relay at work among several, and replaces it without a gap or a repeat', async () => {
      const relays = [await relay(), await relay(), await relay()]
      const seen = await follower()
      let n = 0
      for (const each of relays.slice(0, 2)) {
        for (const _ of upTo(30)) await write(note(1, n++))
        await each.stop()
      }
      for (const _ of upTo(30)) await write(note(1, n++))
      await waitFor(() => seen.length >= 90, { what: 'all events' })
      assert.deepEqual(positions(seen), upTo(90))
      assert.deepEqual(
        numbersOf(seen),
        upTo(90).map((i) => i - 1),
      )
    })

    it('goes on when every connection to PostgreSQL is cut again and again', async () => {
      await relay()
      const seen = await follower()
      for (const n of upTo(60)) {
        await waitFor(
          () =>
            write(note(1, n)).then(
              () => true,
              () => false,
            ),
          { what: 'a write' },
        )
        if (n % 12 === 0)
          await database.db
            .raw(`select pg_terminate_backend(pid) from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid()`)
            .catch(() => undefined)
      }
      await waitFor(() => new Set(numbersOf(seen)).size === 60, {
        what: 'all events',
        timeoutMs: 15_000,
      })
      assert.deepEqual(positions(seen), upTo(seen.length))
    })

    it('publishes what a relay had committed but not published when it died', async () => {
      await database.db.raw(
        `insert into events (position, scope, event, at, data) values (1, 'account:1', 'account.updated', now(), '{"n":1}')`,
      )
      await database.db('log_head').update({ position: 1 })
      const seen = await follower()
      await relay()
      await write(note(1, 2))
      await waitFor(() => seen.length === 2, { what: 'both events' })
      assert.deepEqual(positions(seen), [1, 2])
    })

    it('makes the partition that the next position needs', async () => {
      await database.db('log_head').update({ position: partitionSize * 7 - 2, published: partitionSize * 7 - 2 })
      await relay()
      const seen = await follower(partitionSize * 7 - 2)
      for (const n of upTo(4)) await write(note(1, n))
      await waitFor(() => seen.length === 4, { what: 'events on both sides of the border' })
      assert.deepEqual(
        positions(seen),
        [-1, 0, 1, 2].map((n) => partitionSize * 7 + n),
      )
    })

    it('has each event handled once by a group, whatever its number of members', async () => {
      await relay()
      const handle = async (trx: TestDatabase['db'], event: LogEvent) => {
        await trx('handled').insert({ position: event.position })
      }
      await database.db.raw('create table handled (id serial, position bigint)')
      running.push((await process()).consume('test', handle), (await process()).consume('test', handle))
      await write(...upTo(250).map((n) => note(n % 5, n)))
      await waitFor(async () => Number((await database.db('handled').count())[0]!.count) >= 250, {
        what: '250 handled',
      })
      const handled = await database.db('handled').orderBy('id').pluck('position')
      assert.deepEqual(ascending(handled), upTo(250))
      for (const scope of upTo(5)) {
        const own = handled.filter((position) => position % 5 === scope % 5)
        assert.deepEqual(own, ascending(own))
      }
    })

    it('puts an event that its handler cannot take among the dead letters and goes on', async () => {
      await relay()
      const handled: number[] = []
      running.push(
        (await process()).consume('test', async (trx, event) => {
          await trx('login_failures').insert({ key: `n${event.position}` })
          if (event.position === 2) throw new Error('no such recipient')
          handled.push(event.position)
        }),
      )
      await write(note(1, 1), note(1, 2), note(1, 3))
      await waitFor(() => handled.length === 2, { what: 'the other two' })
      const letters = await deadLetters()
      assert.equal(letters.length, 1)
      assert.equal(letters[0].source, 'test')
      assert.equal(letters[0].position, 2)
      assert.match(letters[0].error, /no such recipient/)
      assert.deepEqual(await database.db('login_failures').orderBy('key').pluck('key'), ['n1', 'n3'])
    })

    it('hands every mark over, and a bad one among them harms no other', async () => {
      const log = await process()
      const got: Mark[] = []
      const objectOf = (mark: Mark) => ('object_id' in mark ? mark.object_id : 0)
      running.push(
        log.receiveMarks(async (_trx, marks) => {
          if (marks.some((mark) => objectOf(mark) === 13)) throw new Error('unlucky')
          got.push(...marks)
        }),
      )
      const mark = (object_id: number): InboxMark => ({
        kind: 'delivered',
        object_id,
        position: 1,
        at: new Date().toISOString(),
      })
      await log.sendMarks(upTo(20).map(mark))
      await waitFor(() => got.length >= 19, { what: 'the good marks' })
      assert.deepEqual(
        ascending(got.map(objectOf)),
        upTo(20).filter((n) => n !== 13),
      )
      const letters = await deadLetters()
      assert.equal(letters.length, 1)
    })
  })
}
