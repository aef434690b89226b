import assert from 'node:assert/strict'
import { openSession } from '#internal/accounts/sessions'
import { spreadNext } from '#internal/alerts/spread'
import { prepared } from '#internal/db/pool'
import { enqueueDeliveries } from '#internal/deliveries/store'
import { relayBatch } from '#internal/log/relay-sql'
import type { Route } from './route.ts'
import { type Caller, expectProblem, startTestApi, type TestAnswer, type TestApi } from './testing.ts'

interface List {
  /** With ids, filters, and where the first page begins if it is not at the beginning. */
  path: string
  /** Writes something that belongs into the list, or at least near it. It is called in the middle of walks, some 20 times. */
  add: () => Promise<unknown>
}

interface Item {
  [field: string]: unknown
}

const rows = 7
/** After so many pages nobody writes any more: a list that grows at its end would never end otherwise. */
const pagesWithWriter = 3

describe('lists, page by page', function () {
  this.timeout(60_000)
  let api: TestApi
  let ada: Caller
  /** Others, by id. */
  let crew: Caller[]
  let made = 0
  before(async () => {
    const email = { SMTP_URL: 'smtp://127.0.0.1', MAIL_FROM: 'a@b.org' }
    api = await startTestApi(email)
    ada = await api.anAccount({ username: 'ada', role: 'admin' })
    crew = await many(30, () => api.anAccount())
  })
  after(() => api.stop())

  async function many<T>(count: number, make: (i: number) => Promise<T>): Promise<T[]> {
    const all: T[] = []
    for (let i = 0; i < count; i++) all.push(await make(i))
    return all
  }
  const send = async (method: string, path: string, body?: unknown, token = ada): Promise<TestAnswer['body']> => {
    const answer = await api.request(method, path, { token, body })
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`)
    return answer.body
  }
  const post = (path: string, body?: unknown, token?: Caller) => send('POST', path, body, token)
  const relay = () => prepared(api.db, relayBatch, [10_000])

  /** The list of what `add` adds, with some of it. */
  async function grown(path: string, add: () => Promise<unknown>): Promise<List> {
    await many(rows, add)
    return { path, add }
  }
  /** Calls with 0, 2, 4, ... for the rows of the beginning, later with 1, 3, 5, ...: those are in between. */
  async function between(path: string, add: (n: number) => Promise<unknown>): Promise<List> {
    await many(rows, (i) => add(2 * i))
    let added = 0
    return { path, add: () => add((2 * added++ + 1) % 30) }
  }
  const aName = (n: number) => `${['m', 'a', 'Z', 'm-', 'M_', 'm.'][n % 6]}${n}`
  const anAccount = () => api.anAccount({ username: aName(++made) })
  const aTopic = (token = ada): Promise<{ id: number }> => post('/api/v1/topics', { name: 'Ops' }, token)
  const inTopic = async () => {
    const { id } = await aTopic()
    return { id, messages: `/api/v1/conversations/${id}/messages`, members: `/api/v1/topics/${id}/members` }
  }
  const anObject = async (): Promise<number> =>
    (await post('/api/v1/objects', { email: 'bob@example.com', phone_number: '212-555-1234' })).id
  const anAlert = async (object_ids: number[], channels: string[] = []): Promise<number> =>
    (await post('/api/v1/alerts', { text: 'fire', object_ids, channels })).id
  const spread = async () => {
    while ((await spreadNext(api.db, enqueueDeliveries, api.clock)) !== 'none');
  }

  /** How each list comes to have something in it, by the path of its route. */
  const lists: Record<string, () => Promise<List>> = {
    '/api/v1/accounts': () => grown('/api/v1/accounts', anAccount),
    '/users': () => grown('/users', anAccount),
    '/api/users': () => grown('/api/users', anAccount),
    '/api/v1/sessions': () => {
      const options = { lifetimeMs: 3600_000, origin: { address: '192.0.2.1', userAgent: undefined } }
      const { id } = ada
      const open = () => openSession(api.db, { id, password_hash: 'none' }, { ...options, now: api.clock.now() })
      return grown('/api/v1/sessions', open)
    },
    '/api/v1/api-keys': () => grown('/api/v1/api-keys', () => post('/api/v1/api-keys', { name: 'x' })),
    '/api/v1/me/friends': () =>
      grown('/api/v1/me/friends?state=requested', async () => {
        const { username } = await anAccount()
        return post('/api/v1/me/friends', { username })
      }),
    '/api/v1/topics': () => grown('/api/v1/topics', () => aTopic()),
    '/api/v1/topics/:id/members': async () => {
      const { members } = await inTopic()
      return between(members, (n) => send('PUT', `${members}/me`, undefined, crew[n]))
    },
    '/api/v1/me/invitations': () =>
      grown('/api/v1/me/invitations', async () => {
        const topic = await aTopic(crew[0])
        return post(`/api/v1/topics/${topic.id}/invitations`, { username: 'ada' }, crew[0])
      }),
    '/api/v1/conversations': () => {
      const members = crew.slice(0, 2).map(({ username }) => username)
      return grown('/api/v1/conversations', () => post('/api/v1/conversations', { members }))
    },
    '/api/v1/conversations/:id/messages': async () => {
      const { messages } = await inTopic()
      return grown(`${messages}?after=0`, () => post(messages, { body: 'x' }))
    },
    '/api/v1/messages/:id/receipts': async () => {
      const { id, messages, members } = await inTopic()
      await many(rows, (i) => send('PUT', `${members}/me`, undefined, crew[2 * i]))
      const message = await post(messages, { body: 'x' })
      // Neither who joins later nor what is read changes who the message was for.
      let n = 0
      const add = async () => {
        await send('PUT', `${members}/me`, undefined, crew[++n % 30])
        await send('PUT', `/api/v1/conversations/${id}/read`, { seq: 1 }, crew[(2 * n) % (2 * rows)])
      }
      return { path: `/api/v1/messages/${message.id}/receipts`, add }
    },
    '/api/v1/search': async () => {
      const { messages } = await inTopic()
      return grown('/api/v1/search?q=pager', () => post(messages, { body: 'the pager' }))
    },
    '/api/v1/objects': () => grown('/api/v1/objects?query=bob', anObject),
    '/api/v1/alerts': () => grown('/api/v1/alerts', () => anAlert([1])),
    '/api/v1/alerts/:id/roll-call': async () => {
      const objects = await many(30, anObject)
      const id = await anAlert(objects)
      return between(`/api/v1/alerts/${id}/roll-call?state=read`, (n) =>
        send('PUT', `/api/v1/objects/${objects[n]}/inbox/${id}/read`),
      )
    },
    '/api/v1/alerts/:id/deliveries': async () => {
      const id = await anAlert(await many(rows, anObject), ['email'])
      const add = () => post(`/api/v1/alerts/${id}/resend`, { to: 'all' }).then(spread)
      await spread()
      return { path: `/api/v1/alerts/${id}/deliveries`, add }
    },
    '/api/v1/objects/:id/inbox': async () => {
      const id = await anObject()
      return grown(`/api/v1/objects/${id}/inbox`, () => anAlert([id]).then(relay))
    },
    '/api/v1/schedules': () => {
      const alert = { text: 'tea', alert_all: true }
      const daily = { cron: '0 9 * * *', time_zone: 'UTC', alert }
      return grown('/api/v1/schedules', () => post('/api/v1/schedules', daily))
    },
    '/api/v1/events': async () => {
      await relay()
      const { messages } = await inTopic()
      const { next } = await send('GET', '/api/v1/events')
      return grown(`/api/v1/events?after=${next}`, () => post(messages, { body: 'x' }).then(relay))
    },
    '/api/v1/dead-letters': () => {
      const letter = { source: 'marks', payload: '{}', error: 'x' }
      return grown('/api/v1/dead-letters', () => api.db('dead_letters').insert(letter))
    },
    '/api/messages/:user_name': () => {
      const names = { sender_user_name: 'ada', recipient_user_name: crew[0]!.username }
      return grown('/api/messages/ada', () => post('/api/messages', { ...names, body: 'x' }))
    },
  }

  it('are those of this table, all of them', () => {
    const has = (schema: unknown, name: string) => name in ((schema as { shape?: object } | undefined)?.shape ?? {})
    const isList = ({ query, responses }: Route) => has(query, 'after') || has(responses[200], 'next')
    const routes = api.routes.filter(isList).map(({ method, path }) => `${method} ${path}`)
    assert.deepEqual(
      routes.toSorted(),
      Object.keys(lists)
        .map((path) => `get ${path}`)
        .toSorted(),
    )
  })

  /** What tells the items of a list apart. */
  const identity = ({ id, username, object_id, channel, round, position }: Item) =>
    JSON.stringify([id, username, object_id, channel, round, position])
  const itemsOf = ({ body }: TestAnswer): string[] => (Array.isArray(body) ? body : body.items).map(identity)
  const withQuery = (path: string, query: Record<string, string | number>) => {
    const url = new URL(path, 'http://x')
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
    return url.pathname + url.search
  }
  /** Where the next page is, by the answer to this path. */
  type Next = (answer: TestAnswer, path: string) => string | undefined
  const nextByLink: Next = ({ headers }) => /<([^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
  /** Of events there always is a next page: they end where one is empty. */
  const nextByBody: Next = ({ body }, path) =>
    body.next === null || body.items.length === 0 ? undefined : withQuery(path, { after: body.next })

  /** The items of every page in the order of the walk, those of a page as `itemsOf` has them. */
  async function walk(list: List, limit: number, next: Next, order = itemsOf): Promise<string[]> {
    const found: string[] = []
    let pages = 0
    for (let path: string | undefined = withQuery(list.path, { limit }); path; ) {
      const answer = await api.request('GET', path, { token: ada })
      assert.equal(answer.status, 200, `${path}: ${answer.text}`)
      const items = order(answer)
      assert.ok(items.length <= limit)
      found.push(...items)
      assert.equal(new Set(found).size, found.length, `${path} has an item again`)
      path = next(answer, path)
      if (++pages <= pagesWithWriter) await list.add()
    }
    return found
  }

  function expectAll(found: string[], before: string[]): void {
    assert.ok(before.length >= rows)
    const known = new Set(before)
    assert.deepEqual(
      found.filter((item) => known.has(item)),
      before,
    )
  }

  for (const [route, seed] of Object.entries(lists))
    it(`have no gap and no repeat while others write: ${route}`, async () => {
      const list = await seed()
      const whole = () => api.request('GET', withQuery(list.path, { limit: 200 }), { token: ada })
      const last = await whole()
      assert.equal(nextByLink(last, list.path), undefined)
      // What is a bare array has the header alone.
      const isBare = Array.isArray(last.body)
      if (!isBare && route !== '/api/v1/events') assert.equal(last.body.next, null)
      for (const limit of [1, 2, 3])
        for (const next of isBare ? [nextByLink] : [nextByLink, nextByBody]) {
          const before = itemsOf(await whole())
          expectAll(await walk(list, limit, next), before)
        }
      for (const query of [{ after: 'garbage' }, { after: 'W251bGxd' }, { after: 'e30' }, { after: '' }, { limit: 0 }])
        expectProblem(await api.request('GET', withQuery(list.path, query), { token: ada }), 422, 'invalid_fields')
    })

  it('of messages go back as well', async () => {
    const { messages } = await inTopic()
    const list = await grown(messages, () => post(messages, { body: 'x' }))
    const backwards = (answer: TestAnswer) => itemsOf(answer).toReversed()
    const previous: Next = ({ body }, path) =>
      body.previous === null ? undefined : withQuery(path, { before: body.previous })
    const previousByLink: Next = ({ headers }) => /<([^>]*)>; rel="prev"/.exec(headers.get('link') ?? '')?.[1]
    for (const limit of [1, 2, 3])
      for (const next of [previous, previousByLink]) {
        const before = backwards(await api.request('GET', messages, { token: ada }))
        expectAll(await walk(list, limit, next, backwards), before)
      }
  })
})
