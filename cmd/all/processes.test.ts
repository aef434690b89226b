import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { migrate } from '#internal/db/migrate'
import { migrations } from '#internal/db/migrations/index'
import { createPool } from '#internal/db/pool'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#internal/embedded-postgres/start'
import { temporaryDirectory } from '#internal/testing/directory'
import { waitFor } from '#internal/testing/wait-for'
import { isReady, Roles } from './testing.ts'
import { call, Follower, isComplete, makeObjects, reconcile, Writer } from './witness.ts'

describe('every role as a process of its own, on one PostgreSQL', function () {
  this.timeout(120_000)
  let directory: string
  let remove: () => Promise<void>
  let postgres: EmbeddedPostgres
  let roles: Roles
  let writing = true
  let followers: Follower[] = []

  before(async () => {
    ;({ directory, remove } = await temporaryDirectory())
    postgres = await startEmbeddedPostgres({ dataDir: directory })
    const db = createPool({ url: postgres.url, max: 1, name: 'test' })
    await migrate(db, postgres.url, migrations)
    await db.destroy()
    roles = new Roles(postgres.url)
  })
  after(async () => {
    writing = false
    for (const follower of followers) await follower.stop()
    await roles.killAll()
    await postgres.stop()
    await remove()
  })

  afterEach(function () {
    if (this.currentTest?.state !== 'failed') return
    for (const line of roles.errors()) console.log(line)
  })

  it('does the same job with two of each, through restarts and a PostgreSQL that goes away under load', async () => {
    const apis = [await roles.start('api'), await roles.start('api')]
    const workers = [await roles.start('worker'), await roles.start('worker')]
    const pushes = [await roles.start('push'), await roles.start('push')]
    const [api] = apis.map(({ base }) => base)

    const { token, objects } = await makeObjects(api!, 6)
    const pushBases = pushes.map(({ base }) => base)
    followers = objects.map((object) => new Follower(pushBases, object.id, object.token))
    const writers = Array.from(
      { length: 4 },
      (_, i) =>
        new Writer(
          `w${i}`,
          apis.map(({ base }) => base),
          token,
        ),
    )
    const count = () => writers.reduce((sum, writer) => sum + writer.acknowledged.length, 0)
    const ids = objects.map((object) => object.id)
    const written = Promise.all(writers.map((writer) => writer.run(ids, () => writing)))

    // Each worker in turn is the relay; each push process in turn has the clients; the api drains while it is written to.
    await waitFor(() => count() > 100, { timeoutMs: 20_000, what: 'writes' })
    await roles.stop(workers[0]!)
    workers[0] = await roles.start('worker')
    await roles.kill(pushes[0]!)
    await roles.stop(apis[1]!)
    await waitFor(() => count() > 250, { timeoutMs: 20_000, what: 'more writes' })

    const beforeOutage = count()
    await postgres.stop()
    await delay(1500)
    assert.equal(await isReady(apis[0]!), false)
    assert.equal((await call(api!, 'GET', '/api/v1/me', { token })).status, 503)
    assert.equal((await fetch(`${apis[0]!.internal}/healthz`)).status, 200)
    postgres = await startEmbeddedPostgres({ dataDir: directory })
    await waitFor(() => count() > beforeOutage + 100, { timeoutMs: 20_000, what: 'writes after the outage' })
    writing = false
    await written

    for (const follower of followers)
      await waitFor(() => isComplete(writers, follower), { timeoutMs: 15_000, what: 'every alert in every inbox' })
    const last = writers[0]!.acknowledged.findLast(({ to }) => to === 'all')!
    await waitFor(
      async () => {
        const rollCall = await call(api!, 'GET', `/api/v1/alerts/${last.id}/roll-call`, { token })
        return rollCall.body.counts?.delivered === objects.length
      },
      { timeoutMs: 10_000, what: 'a full roll-call' },
    )
    for (const follower of followers) {
      await follower.stop()
      reconcile(writers, follower)
    }
    const statuses = new Set(writers.flatMap((writer) => [...writer.statuses.keys()]))
    assert.ok(statuses.has(503), [...statuses].join())
    for (const role of [apis[0]!, workers[1]!, pushes[1]!]) await roles.stop(role)
  })
})
