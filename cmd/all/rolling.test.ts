import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type Balancer, startBalancer } from '#internal/testing/balancer'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { describeWithKafka } from '#internal/testing/kafka/describe'
import { testKafka } from '#internal/testing/kafka/kafka'
import { waitFor } from '#internal/testing/wait-for'
import { isReady, type Role, Roles, runProgram } from './testing.ts'
import { call, Follower, isComplete, makeObjects, reconcile, SocketFollower, Writer } from './witness.ts'

interface Event {
  position: number
  event: string
  data: { body: string; seq: number }
}

const objectCount = 12
const people = ['ann', 'ben', 'cem', 'dan', 'eve']
const devices = 8
/** Longest time from a close with 1012 until the client goes on where it was. */
const resumeMs = 2000
/** From SIGTERM until the process is gone: a delay of 1 s, a drain of 1 s, and what its parts need. */
const orderlyMs = 5000

describeWithKafka('a rolling restart of every role', () => {
  let database: TestDatabase
  let roles: Roles
  let balancers: Record<'api' | 'push', Balancer>
  let api: string
  let loading = true
  let requests = 0
  /** Whom failures fall to. */
  let replacing: Role['name'] | undefined
  const failures: string[] = []
  /** What was answered with 201, by author. */
  const posted = new Map<string, string[]>(people.map((name) => [name, []]))
  let writers: Writer[] = []
  let inboxes: Follower[] = []
  let streams: SocketFollower<Event>[] = []
  const silent: Socket[] = []

  before(async function () {
    this.timeout(60_000)
    const brokers = await testKafka()
    database = await testDatabase()
    balancers = { api: await startBalancer(), push: await startBalancer() }
    api = `http://127.0.0.1:${balancers.api.port}`
    roles = new Roles(database.url, {
      BELFRY_LOG: 'kafka',
      BELFRY_KAFKA_BROKERS: brokers.join(),
      BELFRY_KAFKA_PREFIX: new URL(database.url).pathname.slice(1),
      BELFRY_KAFKA_PARTITIONS: '4',
      BELFRY_SHUTDOWN_DELAY_SECONDS: '1',
      BELFRY_DRAIN_SECONDS: '1',
    })
    const migrate = runProgram('cli/main.ts', ['migrate'], roles.env)
    assert.equal(await migrate.ended, 0, migrate.stderr)
  })
  after(async function () {
    this.timeout(20_000)
    loading = false
    await Promise.all([...inboxes, ...streams].map((follower) => follower.stop()))
    for (const socket of silent) socket.destroy()
    await roles?.killAll()
    for (const balancer of Object.values(balancers ?? {})) balancer.close()
    await database?.drop()
  })

  async function start(name: Role['name']): Promise<Role> {
    const role = await roles.start(name)
    if (name !== 'worker') balancers[name].add({ port: Number(new URL(role.base).port), isReady: () => isReady(role) })
    return role
  }

  /** A client with one connection, that asks again and again. Anything but the answer that it should get is a failure. */
  async function client(what: string, pauseMs: number, ask: (agent: Agent, n: number) => Promise<number>) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let n = 0; loading; n++) {
      const answer = await ask(agent, n).catch((error) => error.code ?? error.message)
      requests++
      if (answer !== 200 && answer !== 201) failures.push(`${what}: ${answer} while replacing ${replacing}`)
      await delay(pauseMs)
    }
    agent.destroy()
  }

  const posts = (path: string, name: string, token: string) =>
    client('a message', 100, async (agent, n) => {
      const body = `${name} ${n}`
      const { status } = await call(api, 'POST', path, { token, agent, body: { body } })
      if (status === 201) posted.get(name)!.push(body)
      return status
    })

  const reads = (path: string, token: string) =>
    client('a page', 100, async (agent) => (await call(api, 'GET', path, { token, agent })).status)

  /** Waits for events that never come. */
  function waits(token: string) {
    let after = 0
    return client('a wait', 0, async (agent) => {
      const { status, body } = await call(api, 'GET', `/api/v1/events?after=${after}&wait=5`, { token, agent })
      after = body.next
      return status
    })
  }

  /** A connection that never says anything and does not hang up. */
  function keepSilent({ port }: Balancer): void {
    silent.push(connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => undefined))
  }

  async function register(username: string): Promise<string> {
    const body = { username, password: `the one of ${username}` }
    await call(api, 'POST', '/api/v1/accounts', { body })
    return (await call(api, 'POST', '/api/v1/sessions', { body })).body.token
  }

  async function startLoad(): Promise<Promise<void>[]> {
    const { token, objects } = await makeObjects(api, objectCount)
    const tokens = await Promise.all(people.map(register))
    const [ann] = tokens as [string]
    const stranger = await register('fay')
    const group = await call(api, 'POST', '/api/v1/conversations', { token: ann, body: { members: people.slice(1) } })
    const path = `/api/v1/conversations/${group.body.id}/messages`
    const push = [`http://127.0.0.1:${balancers.push.port}`]
    inboxes = objects.map((object) => new Follower(push, object.id, object.token))
    streams = tokens.flatMap((own) =>
      Array.from({ length: devices }, () => new SocketFollower<Event>(push, '/api/v1/stream', own, 0)),
    )
    for (let i = 0; i < 4; i++) for (const balancer of Object.values(balancers)) keepSilent(balancer)
    const ids = objects.map(({ id }) => id)
    writers = ['first', 'second'].map((name) => new Writer(name, [api], token))
    return [
      ...writers.map((writer) => writer.run(ids, () => loading, 100)),
      ...tokens.slice(0, 3).flatMap((own, i) => [posts(path, people[i]!, own), reads(path, own)]),
      waits(stranger),
      waits(stranger),
    ]
  }

  const messagesOf = ({ got }: SocketFollower<Event>) => got.filter(({ event }) => event === 'message.posted')

  /** The stream brought every message that was acknowledged, each once, in order, and nothing else. */
  function reconcileMessages(stream: SocketFollower<Event>): void {
    const positions = stream.got.map(({ position }) => position)
    assert.ok(
      positions.every((position, i) => i === 0 || position > positions[i - 1]!),
      'positions must ascend',
    )
    const messages = messagesOf(stream).map(({ data }) => data)
    assert.deepEqual(
      messages.map(({ seq }) => seq),
      messages.map((_, i) => i + 1),
    )
    for (const [name, bodies] of posted) {
      const own = messages.filter(({ body }) => body.startsWith(name))
      assert.deepEqual(
        own.map(({ body }) => body),
        bodies,
      )
    }
  }

  it('fails no request, and clients of push go on where they were within 2 s', async function () {
    this.timeout(150_000)
    const running: Role[] = []
    for (const name of ['api', 'worker', 'push'] as const)
      running.push(...(await Promise.all([start(name), start(name)])))
    const load = await startLoad()
    await waitFor(() => requests > 100, { what: 'load', timeoutMs: 30_000 })
    const followers = [...inboxes, ...streams]
    assert.deepEqual(
      followers.flatMap(({ ended }) => ended),
      [],
    )

    for (const old of running) {
      replacing = old.name
      await start(old.name)
      const ms = await roles.stop(old)
      assert.ok(ms < orderlyMs, `${old.name} took ${ms} ms to end`)
    }
    await delay(500)
    loading = false
    await Promise.all(load)
    const statuses = writers.flatMap((writer) => [...writer.statuses.keys()])
    assert.deepEqual([failures, new Set(statuses)], [[], new Set([201])])

    const count = [...posted.values()].flat().length
    for (const inbox of inboxes) await waitFor(() => isComplete(writers, inbox), { what: 'every alert in every inbox' })
    for (const stream of streams)
      await waitFor(() => messagesOf(stream).length >= count, { what: 'every message on every stream' })
    // Of the first push process, of the second, or of both one after the other.
    const ends = followers.flatMap(({ ended }) => ended)
    await Promise.all(followers.map((follower) => follower.stop()))
    for (const inbox of inboxes) reconcile(writers, inbox)
    for (const stream of streams) reconcileMessages(stream)
    for (const { ended, errors } of followers) assert.deepEqual([ended.length > 0, errors], [true, []])
    assert.deepEqual(new Set(ends.map(({ code }) => code)), new Set([1012]))
    const resumed = ends.map(({ at, resumedAt }) => Math.round((resumedAt ?? Number.POSITIVE_INFINITY) - at))
    assert.ok(Math.max(...resumed) < resumeMs, `resumed after ${resumed.toSorted((x, y) => y - x).slice(0, 10)} ms`)
    assert.deepEqual(roles.errors(), [])
  })
})
