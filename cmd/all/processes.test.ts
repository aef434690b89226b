import assert from 'node:assert/strict'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { migrate } from '#internal/db/migrate'
import { migrations } from '#internal/db/migrations/index'
import { createPool } from '#internal/db/pool'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#internal/embedded-postgres/start'
import { type Child, runChild } from '#internal/testing/child'
import { temporaryDirectory } from '#internal/testing/directory'
import { waitFor } from '#internal/testing/wait-for'
import { call, Follower, isComplete, reconcile, Writer } from './witness.ts'

const main = (role: string) => path.resolve(import.meta.dirname, '..', role, 'main.ts')

interface Role {
  child: Child
  internal: string
  base: string
}

describe('every role as a process of its own, on one PostgreSQL', function () {
  this.timeout(120_000)
  let directory: string
  let remove: () => Promise<void>
  let postgres: EmbeddedPostgres
  const children: Child[] = []
  let shared: Record<string, string>
  let writing = true
  let followers: Follower[] = []

  before(async () => {
    ;({ directory, remove } = await temporaryDirectory())
    postgres = await startEmbeddedPostgres({ dataDir: directory })
    const db = createPool({ url: postgres.url, max: 1, name: 'test' })
    await migrate(db, postgres.url, migrations)
    await db.destroy()
    shared = {
      PATH: process.env.PATH ?? '',
      BELFRY_DATABASE_URL: postgres.url,
      BELFRY_HOST: '127.0.0.1',
      BELFRY_LOG_LEVEL: 'warn',
    }
  })
  after(async () => {
    writing = false
    for (const follower of followers) await follower.stop()
    for (const child of children) child.process.kill('SIGKILL')
    await Promise.all(children.map((child) => child.ended))
    await postgres.stop()
    await remove()
  })

  afterEach(function () {
    if (this.currentTest?.state !== 'failed') return
    for (const { stdout } of children)
      for (const line of stdout.split('\n')) if (line.includes('"level":"error"')) console.log(line)
  })

  async function start(role: string): Promise<Role> {
    const [port, internalPort] = [await findFreePort(), await findFreePort()]
    const own: Record<string, string> = { BELFRY_INTERNAL_PORT: String(internalPort) }
    if (role !== 'worker') own.BELFRY_JWT_SECRET = 'the same secret for all processes, of course'
    if (role === 'api') Object.assign(own, { BELFRY_PORT: String(port), BELFRY_RATE_LIMIT_PER_MINUTE: '0' })
    if (role === 'push') Object.assign(own, { BELFRY_PUSH_PORT: String(port), BELFRY_DRAIN_SECONDS: '0' })
    const child = runChild(main(role), [], { ...shared, ...own })
    children.push(child)
    const internal = `http://127.0.0.1:${internalPort}`
    await waitFor(() => isReady(internal), {
      timeoutMs: 20_000,
      what: `${role} to be ready: ${child.stdout}${child.stderr}`,
    })
    return { child, internal, base: `http://127.0.0.1:${port}` }
  }

  const isReady = (internal: string) =>
    fetch(`${internal}/readyz`).then(
      (response) => response.ok,
      () => false,
    )

  async function stop({ child }: Role): Promise<void> {
    child.process.kill('SIGTERM')
    assert.equal(await child.ended, 0, child.stdout + child.stderr)
  }

  it('does the same job with two of each, through restarts and a PostgreSQL that goes away under load', async () => {
    const apis = [await start('api'), await start('api')]
    const workers = [await start('worker'), await start('worker')]
    const pushes = [await start('push'), await start('push')]
    const [api] = apis.map(({ base }) => base)

    await call(api!, 'POST', '/api/v1/accounts', { body: { username: 'ada', password: 'lovelace' } })
    const session = await call(api!, 'POST', '/api/v1/sessions', { body: { username: 'ada', password: 'lovelace' } })
    const { token } = session.body
    const objects: { id: number; token: string }[] = []
    for (let i = 0; i < 6; i++) {
      const body = { email: `o${i}@example.com`, phone_number: '212-555-1234' }
      const object = await call(api!, 'POST', '/api/v1/objects', { token, body })
      const inbox = await call(api!, 'POST', `/api/v1/objects/${object.body.id}/inbox-token`, { token })
      objects.push({ id: object.body.id, token: inbox.body.token })
    }
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
    await stop(workers[0]!)
    workers[0] = await start('worker')
    pushes[0]!.child.process.kill('SIGKILL')
    await pushes[0]!.child.ended
    await stop(apis[1]!)
    await waitFor(() => count() > 250, { timeoutMs: 20_000, what: 'more writes' })

    const beforeOutage = count()
    await postgres.stop()
    await delay(1500)
    assert.equal(await isReady(apis[0]!.internal), false)
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
    for (const role of [apis[0]!, workers[1]!, pushes[1]!]) await stop(role)
  })
})
