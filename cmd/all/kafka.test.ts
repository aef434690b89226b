import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { temporaryDirectory } from '#internal/testing/directory'
import { type KafkaCluster, type KafkaNode, startKafkaCluster } from '#internal/testing/kafka/cluster'
import { describeWithKafkaJars } from '#internal/testing/kafka/describe'
import { waitFor } from '#internal/testing/wait-for'
import { isReady, metric, type Role, Roles, runProgram } from './testing.ts'
import { type Acknowledged, call, Follower, isComplete, makeObjects, reconcile, Writer } from './witness.ts'

/** Longest time from the answer to an alert until it is on a socket, whatever Kafka does. */
const latestMs = 2000
/** Longest time that a process takes to end while Kafka is away. */
const orderlyMs = 10_000
const topics = ['to-and-fro.events', 'to-and-fro.receipts']

describeWithKafkaJars('every role as a process of its own, on a Kafka that goes away and comes back', () => {
  let remove: () => Promise<void>
  let database: TestDatabase
  let cluster: KafkaCluster
  let node: KafkaNode
  let roles: Roles
  let [api, ...workers]: Role[] = []
  let pushes: Role[] = []
  let token: string
  let writers: Writer[] = []
  let followers: Follower[] = []
  let written: Promise<unknown>
  /** Was confirmed while there was no broker. */
  let early: Acknowledged
  let writing = true
  /** What was going on from when. */
  const phases: { name: string; from: number }[] = []
  const phase = (name: string) => phases.push({ name, from: performance.now() })

  before(async function () {
    this.timeout(60_000)
    const made = await temporaryDirectory()
    remove = made.remove
    database = await testDatabase()
    cluster = await startKafkaCluster({ nodes: 1, directory: made.directory })
    node = cluster.nodes[0]!
    roles = new Roles(database.url, {
      BELFRY_LOG: 'kafka',
      BELFRY_KAFKA_BROKERS: node.broker,
      BELFRY_KAFKA_PREFIX: 'to-and-fro',
      BELFRY_KAFKA_PARTITIONS: '4',
    })
  })
  after(async function () {
    this.timeout(20_000)
    writing = false
    await Promise.all(followers.map((follower) => follower.stop()))
    await roles?.killAll()
    await cluster?.stop()
    await database?.drop()
    await remove?.()
  })

  const lastToAll = () => writers[0]!.acknowledged.findLast(({ to }) => to === 'all')!
  const rollCall = async ({ id }: Acknowledged) =>
    (await call(api!.base, 'GET', `/api/v1/alerts/${id}/roll-call`, { token })).body.counts
  const hasEverybody = (alert: { id: number }) => followers.every(({ got }) => got.some(({ id }) => id === alert.id))

  /** Resolves after a second in which every push process got events, all of them from Kafka. */
  async function kafkaAlone(): Promise<void> {
    const counts = (source: string) =>
      Promise.all(pushes.map((push) => metric(push, `belfry_follow_events_total{source="${source}"`)))
    await waitFor(
      async () => {
        const before = [await counts('kafka'), await counts('postgresql')]
        await delay(1000)
        const [kafka, postgresql] = [await counts('kafka'), await counts('postgresql')]
        return pushes.every((_, i) => kafka[i]! > before[0]![i]! && postgresql[i] === before[1]![i])
      },
      { timeoutMs: 30_000, what: 'events to come from Kafka alone' },
    )
  }

  async function withAdmin<T>(use: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = new Kafka({ brokers: [node.broker], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    return use(admin).finally(() => admin.disconnect())
  }

  it('makes the topics with `belfry migrate`', async () => {
    const migrate = runProgram('cli/main.ts', ['migrate'], roles.env)
    assert.equal(await migrate.ended, 0, migrate.stderr)
    assert.ok(migrate.stdout.includes(`Made the topics ${topics.join(', ')}.`), migrate.stdout)
  })

  it('starts and serves without a broker; what clients confirm waits', async function () {
    this.timeout(60_000)
    await node.kill('SIGTERM')
    phase('away at the start')
    ;[api, ...workers] = await Promise.all([
      roles.start('api'),
      roles.start('worker', '503 not ready: kafka'),
      roles.start('worker', '503 not ready: kafka'),
    ])
    pushes = await Promise.all([roles.start('push'), roles.start('push')])

    const made = await makeObjects(api!.base, 4)
    token = made.token
    const bases = pushes.map(({ base }) => base)
    followers = made.objects.map(
      (object, i) => new Follower(i % 2 ? bases : bases.toReversed(), object.id, object.token),
    )
    writers = ['ann', 'ben'].map((name) => new Writer(name, [api!.base], token))
    const ids = made.objects.map(({ id }) => id)
    written = Promise.all(writers.map((writer) => writer.run(ids, () => writing, 25)))
    await waitFor(() => (writers[0]?.acknowledged.length ?? 0) > 30, { what: 'writes' })

    early = lastToAll()
    await waitFor(() => hasEverybody(early), { what: 'the alert in every inbox' })
    followers[0]!.send({ type: 'acknowledge', alert_id: early.id })
    await delay(1500)
    assert.deepEqual(await rollCall(early), { targeted: 4, delivered: 0, read: 0, acknowledged: 0 })
  })

  it('goes over to Kafka when a broker comes, and what clients confirmed arrives', async function () {
    this.timeout(60_000)
    phase('coming')
    await node.start()
    for (const worker of workers) await waitFor(() => isReady(worker), { what: 'a worker to be ready' })
    await kafkaAlone()
    const arrived = async () => {
      const { delivered, acknowledged } = await rollCall(early)
      return delivered === 4 && acknowledged === 1
    }
    await waitFor(arrived, { what: 'a full roll-call', timeoutMs: 20_000 })
  })

  it('does without a broker that hangs, and one that dies, until it is back', async function () {
    this.timeout(90_000)
    phase('hanging')
    node.pause()
    await delay(8000)
    for (const role of [api!, ...pushes]) assert.ok(await isReady(role))
    phase('going on after it hung')
    node.resume()
    await kafkaAlone()

    phase('killed')
    await node.kill('SIGKILL')
    await delay(1000)
    phase('starting again')
    await node.start()
    await kafkaAlone()
  })

  it('makes topics again that were deleted', async function () {
    this.timeout(60_000)
    phase('without topics')
    await withAdmin((admin) => admin.deleteTopics({ topics }))
    const known = () => withAdmin((admin) => admin.listTopics())
    await waitFor(async () => topics.every(async (topic) => (await known()).includes(topic)), { what: 'the topics' })
    phase('with new topics')
    await kafkaAlone()
  })

  it('has lost, repeated, reordered and delayed nothing, and no process has complained or died', async function () {
    this.timeout(30_000)
    writing = false
    await written
    for (const follower of followers)
      await waitFor(() => isComplete(writers, follower), { what: 'every alert in every inbox' })
    const last = lastToAll()
    await waitFor(async () => (await rollCall(last)).delivered === 4, { what: 'a full roll-call', timeoutMs: 25_000 })
    for (const follower of followers) {
      reconcile(writers, follower)
      assert.deepEqual([follower.connections, follower.errors], [1, []])
    }
    const statuses = writers.flatMap((writer) => [...writer.statuses.keys()])
    assert.deepEqual(new Set(statuses), new Set([201]))
    const late = latest()
    assert.ok(Math.max(...Object.values(late)) < latestMs, JSON.stringify(late))
    assert.deepEqual(
      roles.all.map(({ child }) => child.process.exitCode ?? 'runs'),
      roles.all.map(() => 'runs'),
    )
    assert.deepEqual(roles.errors(), [])
  })

  /** Longest time from an acknowledgement to the alert's arrival, milliseconds by phase. */
  function latest(): Record<string, number> {
    const acknowledgedAt = new Map(writers.flatMap((writer) => writer.acknowledged.map(({ id, at }) => [id, at])))
    const worst: Record<string, number> = {}
    for (const { got, gotAt } of followers)
      for (const [i, { id }] of got.entries()) {
        const at = acknowledgedAt.get(id)!
        const { name } = phases.findLast(({ from }) => from <= at)!
        worst[name] = Math.max(worst[name] ?? 0, Math.round(gotAt[i]! - at))
      }
    return worst
  }

  it('ends in order while the broker is away', async function () {
    this.timeout(60_000)
    await node.kill('SIGKILL')
    const { body } = await call(api!.base, 'POST', '/api/v1/alerts', { token, body: { text: 'last', alert_all: true } })
    await waitFor(() => hasEverybody(body), { what: 'the alert in every inbox' })
    // What says that it is there waits to be sent, and cannot be.
    await delay(1500)
    const took = await Promise.all(
      roles.all.map(async (role) => [role.name, Math.round(await roles.stop(role))] as const),
    )
    for (const [name, ms] of took) assert.ok(ms < orderlyMs, `${name} took ${ms} ms`)
    assert.deepEqual(roles.errors(), [])
  })
})
