import assert from 'node:assert/strict'
import path from 'node:path'
import { alertsTestKit, TestClock } from '#internal/alerts/kit.test'
import { startTestSmtp, type TestSmtp } from '#internal/deliveries/testing'
import { systemClock } from '#internal/runtime/clock'
import { type Child, runChild } from '#internal/testing/child'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'

const count = 200
const slots = 5

describe('a worker that is killed while it delivers', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let smtp: TestSmtp
  let children: Child[]
  before(async () => {
    children = []
    database = await testDatabase()
    smtp = await startTestSmtp()
  })
  after(async () => {
    for (const child of children) child.process.kill('SIGKILL')
    await Promise.all(children.map((child) => child.ended))
    await smtp.stop()
    await database.drop()
  })

  function worker(): Child {
    const child = runChild(path.join(import.meta.dirname, 'main.ts'), [], {
      PATH: process.env.PATH,
      BELFRY_DATABASE_URL: database.url,
      BELFRY_HOST: '127.0.0.1',
      BELFRY_INTERNAL_PORT: '0',
      BELFRY_SMTP_URL: smtp.url,
      BELFRY_MAIL_FROM: 'alerts@belfry.example',
      BELFRY_DELIVERY_CONCURRENCY: String(slots),
    })
    children.push(child)
    return child
  }

  const toId = (mail: { to: string }) => Number(/^o(\d+)@/.exec(mail.to)![1])

  it('leaves nothing undelivered, and repeats at most what was under way', async () => {
    const clock = new TestClock()
    clock.now = systemClock.now
    const kit = alertsTestKit(database.db, clock)
    await kit.manyObjects(count)
    smtp.delayMs = 20
    await kit.anAlert({ alertAll: true, channels: ['email'] })
    const underWay = new Set<number>()
    for (const reached of [40, 110]) {
      const { process: running, ended } = worker()
      await waitFor(() => smtp.mails.length >= reached, { what: `${reached} mails`, timeoutMs: 20_000 })
      running.kill('SIGKILL')
      await ended
      const leased = () => database.db('deliveries').where({ state: 'sending' }).where('due_at', '>', new Date())
      const left = await leased().pluck('object_id')
      assert.ok(left.length <= slots)
      for (const id of left) underWay.add(id)
      // Instead of a minute's wait for the leases to end.
      await leased().update({ due_at: new Date() })
    }
    worker()
    const isDone = async () => (await database.db('deliveries').where({ state: 'sent' })).length === count
    await waitFor(isDone, { what: 'all of them', timeoutMs: 30_000 })

    const received = new Map<number, string[]>()
    for (const mail of smtp.mails) {
      const messageId = /^Message-ID: (.*)$/im.exec(mail.source)![1]!
      received.set(toId(mail), [...(received.get(toId(mail)) ?? []), messageId])
    }
    assert.equal(received.size, count)
    for (const [id, messageIds] of received) {
      if (messageIds.length > 1) assert.ok(underWay.has(id), `${id} was not under way`)
      assert.equal(new Set(messageIds).size, 1, 'a repetition can be told by its Message-ID')
    }
  })
})
