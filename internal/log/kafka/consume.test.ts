import assert from 'node:assert/strict'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { runChild } from '#internal/testing/child'
import { describeWithKafka } from '#internal/testing/kafka/describe'
import { testKafka } from '#internal/testing/kafka/kafka'
import { waitFor } from '#internal/testing/wait-for'
import { replayDeadLetter } from '../dead-letters.ts'
import type { EventHandler } from '../log.ts'
import { replayEvent, replayTurn } from '../replays.ts'
import { groupOf } from './names.ts'
import { joined, LogBed, noting, upTo } from './testing.ts'

describeWithKafka('consuming events as a group over Kafka', () => {
  let brokers: string[]
  let bed: LogBed
  beforeEach(async () => {
    brokers = await testKafka()
    bed = await LogBed.make(brokers)
  })
  afterEach(() => bed.stop())

  it('shares the partitions among its members, and has those of one that leaves at once', async () => {
    await bed.relay()
    const first = bed.member({ handler: noting('first') })
    await joined(first)
    const second = bed.member({ handler: noting('second') })
    await joined(first, 2)
    await joined(second, 2)
    await bed.writeMany(5)
    await bed.allHandled(100)
    const by = Object.groupBy(await bed.handled(), ({ handler }) => handler)
    assert.ok(by.first!.length > 0 && by.second!.length > 0)
    await second.stop()
    const start = performance.now()
    await joined(first)
    assert.ok(performance.now() - start < 3000, 'it had to wait for the session to end')
    await bed.writeMany(1)
    await bed.allHandled(120)
  })

  it('goes on when a member is killed in the middle', async () => {
    await bed.relay()
    const part = bed.member()
    await joined(part)
    const { url } = bed.database
    const child = runChild(path.join(import.meta.dirname, 'consume-child.ts'), [
      url,
      brokers.join(),
      bed.config().KAFKA_PREFIX,
    ])
    await joined(part, 2)
    let over = false
    const writing = (async () => {
      let times = 0
      for (; !over; times++) await bed.writeMany(1)
      return times
    })()
    await waitFor(async () => (await bed.handled()).some(({ handler }) => handler === 'child'), {
      what: 'work of the child',
    })
    child.process.kill('SIGKILL')
    await child.ended
    await delay(500)
    over = true
    await bed.allHandled(20 * (await writing))
  })

  it('handles what is on Kafka twice, in one batch or another, once', async () => {
    const { db } = bed.database
    const relays = [await bed.relay()]
    await bed.writeMany(3)
    const again = async () => {
      await bed.published()
      await relays.at(-1)!.stop()
      await db('log_head').update({ published: 0 })
      await db('log_partitions').update({ position: 0 })
      relays.push(await bed.relay())
      await bed.published()
    }
    await again()
    await again()
    const records = (await bed.records(bed.topics.events)).flat()
    assert.equal(records.length, 180)
    await joined(bed.member())
    await bed.allHandled(60)
    await again()
    await bed.writeMany(2)
    await bed.allHandled(100)
  })

  it('begins as a new group with the oldest event that is kept, whatever the topic still has', async () => {
    await bed.relay()
    await bed.writeMany(10)
    await bed.published()
    await bed.recreateEvents()
    await bed.writeMany(1)
    bed.member()
    await bed.allHandled(220)
    await bed.database.db('events').where('position', '<=', 50).delete()
    const late: number[] = []
    bed.member({
      group: 'late',
      groupId: groupOf(bed.config().KAFKA_PREFIX, 'late'),
      handler: async (_trx, { position }) => void late.push(position),
    })
    await waitFor(() => late.length >= 170, { what: 'the kept events' })
    assert.deepEqual(
      late.toSorted((a, b) => a - b),
      upTo(220).slice(50),
    )
  })

  it('keeps its partitions while a handler takes longer than the session', async () => {
    await bed.relay()
    let calls = 0
    const part = bed.member({
      handler: async (trx, event) => {
        calls++
        if (event.position === 1) await delay(6800)
        await noting()(trx, event)
      },
    })
    await joined(part)
    const memberIds = async () => {
      const { groups } = await bed.admin.describeGroups([part.member.groupId])
      return groups[0]!.members.map(({ memberId }) => memberId)
    }
    const before = await memberIds()
    await bed.write(1)
    await waitFor(() => part.member.pendingSeconds() > 1, { what: 'the handler to be at it' })
    await bed.writeMany(1)
    await bed.allHandled(21)
    assert.deepEqual(await memberIds(), before)
    assert.equal(calls, 21)
    await waitFor(() => part.member.pendingSeconds() === 0, { what: 'nothing to be handled' })
  })

  it('puts away what its handler cannot take, and a replay puts it right', async () => {
    await bed.relay()
    let works = false
    const handler: EventHandler = async (trx, event) => {
      await noting()(trx, event)
      if (event.position === 30 && !works) throw new Error('no such account')
    }
    await joined(bed.member({ handler }))
    await bed.writeMany(3)
    await waitFor(async () => (await bed.handled()).length === 59, { what: 'the others' })
    const { db } = bed.database
    const [letter] = await db('dead_letters')
    assert.deepEqual([letter.source, letter.position, letter.error], ['test', 30, 'Error: no such account'])
    works = true
    await replayDeadLetter(db, letter.id)
    await replayTurn(db, new Map([['test', replayEvent(handler)]]))
    assert.deepEqual((await bed.handled()).at(-1)!.position, 30)
  })

  it('ignores what others wrote', async () => {
    await bed.relay()
    await joined(bed.member())
    const other = bed.kafka.producer()
    await other.connect()
    const headers = { position: '7', previous: '9', event: 'e', at: 'x' }
    await other.send({
      topic: bed.topics.events,
      messages: upTo(4).flatMap((n) => [
        { partition: n - 1, value: null },
        { partition: n - 1, value: 'hello', key: 'account:1' },
        { partition: n - 1, value: '{}', key: 'account:1', headers },
      ]),
    })
    await bed.writeMany(1)
    await bed.allHandled(20)
  })
})
