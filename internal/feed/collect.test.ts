import assert from 'node:assert/strict'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { collect } from './collect.ts'
import type { Profile } from './profile.ts'
import { linkProfile, listProfiles, unlinkProfile } from './profiles.ts'
import { FetchError, type Fetched, type Known, type Post, type Provider } from './provider.ts'
import { newestItems } from './store.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

describe('collecting posts', () => {
  let database: TestDatabase
  let now: Date
  /** What providers answer, by address; they note who asked what. */
  let answers: Map<string, (known: Known, signal?: AbortSignal) => Promise<Fetched>>
  let asked: Known[]
  const errors: unknown[] = []
  beforeEach(async () => {
    database = await testDatabase()
    now = new Date('2026-06-01T00:00:00Z')
    answers = new Map()
    asked = []
  })
  afterEach(() => database.drop())

  const clock = { now: () => now }
  const later = (ms: number) => {
    now = new Date(now.getTime() + ms)
  }
  const provider = (kind: Provider['kind']): Provider => ({
    kind,
    fetch(known, signal) {
      asked.push(known)
      return answers.get(known.address)!(known, signal)
    },
  })
  const run = (providers = [provider('rss'), provider('x')], signal?: AbortSignal) =>
    collect(database.db, { clock, providers, signal, onError: (error) => errors.push(error) })
  const anAccount = async (username: string, twitter_username: string | null = null): Promise<number> => {
    const row = { username, role: 'member', password_hash: '', created_at: now, twitter_username }
    const [{ id }] = await database.db('accounts').insert(row).returning('id')
    return id
  }
  const setXName = (db: typeof database.db, id: number, name: string | null) =>
    db('accounts').where({ id }).update({ twitter_username: name })
  const linkFeed = (accountId: number, address: string) =>
    linkProfile(database.db, accountId, { kind: 'rss', address }, { now, setXName })
  const fetched =
    (posts: Post[], more: Partial<Fetched> = {}) =>
    async (): Promise<Fetched> => ({
      posts,
      remote_id: null,
      etag: null,
      last_modified: null,
      ...more,
    })
  const post = (id: string, publishedAt: Date | null = now): Post => ({
    externalId: id,
    author: 'a',
    text: `text ${id}`,
    url: null,
    publishedAt,
  })
  const profiles = (): Promise<(Profile & Record<string, unknown>)[]> => database.db('profiles').orderBy('id')
  const texts = async () => (await newestItems(database.db, 10)).map(({ text }) => text)

  it('stores the posts of linked profiles, each once, the newest first', async () => {
    const ann = await anAccount('ann', 'AnnX')
    await linkFeed(ann, 'https://a.example/')
    answers.set('https://a.example/', fetched([post('1', new Date(0)), post('2')], { etag: '"e"', last_modified: 'm' }))
    answers.set('annx', fetched([post('x', new Date(1))], { remote_id: '12' }))
    assert.deepEqual(await run(), { fetched: 2, failed: 0, items: 3 })
    const items = await newestItems(database.db, 10)
    assert.deepEqual(
      items.map(({ text, source, account }) => [text, source, account]),
      [
        ['text 2', 'rss', 'ann'],
        ['text x', 'x', 'ann'],
        ['text 1', 'rss', 'ann'],
      ],
    )
    assert.deepEqual(await run(), { fetched: 0, failed: 0, items: 0 }, 'nothing is due')
    later(20 * minuteMs)
    assert.deepEqual(await run(), { fetched: 2, failed: 0, items: 0 })
    const second = asked.find(({ address, etag }) => address === 'https://a.example/' && etag !== null)
    assert.deepEqual([second!.etag, second!.last_modified], ['"e"', 'm'])
    assert.equal(asked.findLast(({ address }) => address === 'annx')!.remote_id, '12')
  })

  it('fetches a profile once however many have linked it, and shows its posts once', async () => {
    for (const name of ['ann', 'bo', 'cy']) await linkFeed(await anAccount(name, 'Same'), 'https://a.example/')
    answers.set('https://a.example/', fetched([post('1')]))
    answers.set('same', fetched([post('2')]))
    await run()
    assert.equal(asked.length, 2)
    assert.deepEqual(
      (await newestItems(database.db, 10)).map(({ account }) => account),
      ['ann', 'ann'],
    )
    await database.db('accounts').where({ username: 'ann' }).update({ disabled_at: now })
    assert.deepEqual(
      (await newestItems(database.db, 10)).map(({ account }) => account),
      ['bo', 'bo'],
    )
  })

  it('keeps the fifty newest of a profile, changes what has changed, and dates nothing into the future', async () => {
    await linkFeed(await anAccount('ann'), 'https://a.example/')
    const at = (i: number) => new Date(now.getTime() - i * minuteMs)
    answers.set('https://a.example/', fetched(Array.from({ length: 60 }, (_, i) => post(`${i}`, at(i)))))
    await run()
    assert.equal((await database.db('feed_items')).length, 50)
    const first = now
    later(20 * minuteMs)
    const changed = { ...post('0', null), text: 'changed' }
    const future = post('new', new Date(now.getTime() + 365 * 24 * hourMs))
    answers.set('https://a.example/', fetched([future, future, changed]))
    assert.equal((await run()).items, 1)
    const [newest, next] = await newestItems(database.db, 10)
    assert.deepEqual([newest!.text, newest!.published_at], ['text new', now])
    assert.deepEqual([next!.text, next!.published_at], ['changed', first], 'what has no time keeps its first one')
    assert.equal((await database.db('feed_items')).length, 50)
  })

  it('comes back later and later while a profile fails, and says why', async () => {
    const ann = await anAccount('ann')
    await linkFeed(ann, 'https://a.example/')
    answers.set('https://a.example/', () => Promise.reject(new FetchError('The server answered 500.')))
    const waits: number[] = []
    for (let i = 0; i < 9; i++) {
      assert.equal((await run()).failed, 1)
      const [{ next_fetch_at }] = (await database.db('profiles')) as [{ next_fetch_at: Date }]
      waits.push(next_fetch_at.getTime() - now.getTime())
      now = next_fetch_at
    }
    assert.ok(waits[0]! >= 15 * minuteMs && waits[0]! <= 30 * minuteMs, `${waits[0]}`)
    assert.ok(waits[8]! >= 12 * hourMs && waits[8]! <= 24 * hourMs, `${waits[8]}`)
    const [failing] = await listProfiles(database.db, ann, now)
    assert.deepEqual([failing!.last_error, failing!.last_fetched_at], ['The server answered 500.', null])
    answers.set('https://a.example/', fetched([]))
    await run()
    const [fine] = await profiles()
    assert.deepEqual([fine!.last_error, fine!.last_fetched_at, fine!.failures], [null, now, 0])
  })

  it('comes back when the provider says, within a minute and a day', async () => {
    await linkFeed(await anAccount('ann'), 'https://a.example/')
    const waits: [askedMs: number, from: number, to: number][] = [
      [2 * hourMs, 2 * hourMs, 2 * hourMs + minuteMs],
      [-hourMs, minuteMs, 2 * minuteMs],
      [1000 * hourMs, 24 * hourMs, 24 * hourMs + minuteMs],
    ]
    for (const [askedMs, from, to] of waits) {
      const retryAt = new Date(now.getTime() + askedMs)
      answers.set('https://a.example/', () => Promise.reject(new FetchError('later', { retryAt })))
      await run()
      const [{ next_fetch_at }] = (await database.db('profiles')) as [{ next_fetch_at: Date }]
      const wait = next_fetch_at.getTime() - now.getTime()
      assert.ok(wait >= from && wait <= to, `${wait}`)
      now = next_fetch_at
    }
  })

  it('holds all profiles of a kind when a quota is used up, and no others', async () => {
    const ann = await anAccount('ann', 'a')
    await anAccount('bo', 'b')
    await anAccount('cy', 'c')
    await linkFeed(ann, 'https://a.example/')
    const retryAt = new Date(now.getTime() + hourMs)
    for (const name of ['a', 'b', 'c'])
      answers.set(name, () => Promise.reject(new FetchError('quota', { retryAt, holdsForAll: true })))
    answers.set('https://a.example/', fetched([]))
    await run()
    asked = []
    later(30 * minuteMs)
    await run()
    assert.deepEqual(
      asked.map(({ address }) => address),
      ['https://a.example/'],
    )
  })

  it('does not hold up others, or stop, for an error of its own', async () => {
    const ann = await anAccount('ann')
    await linkFeed(ann, 'https://a.example/')
    await linkFeed(ann, 'https://b.example/')
    answers.set('https://a.example/', () => Promise.reject(new TypeError('bug')))
    answers.set('https://b.example/', fetched([post('1')]))
    assert.deepEqual(await run(), { fetched: 1, failed: 1, items: 1 })
    assert.match(String(errors.at(-1)), /bug/)
    const [failing] = await listProfiles(database.db, ann, now)
    assert.equal(failing!.last_error, 'Something went wrong. It is tried again.')
  })

  it('fetches nothing of a kind that is not configured, of nobody, or of a disabled account', async () => {
    await anAccount('ann', 'annx')
    const gone = await anAccount('bo')
    await linkFeed(gone, 'https://b.example/')
    await database.db('accounts').where({ id: gone }).update({ disabled_at: now })
    assert.deepEqual(await run([provider('rss')]), { fetched: 0, failed: 0, items: 0 })
  })

  it('is done by one at a time for each profile, a few at once', async () => {
    const ann = await anAccount('ann')
    let running = 0
    let most = 0
    for (let i = 0; i < 12; i++) {
      const address = `https://a.example/${i}`
      await linkFeed(ann, address)
      answers.set(address, async () => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 20))
        running--
        return fetched([post(`${i}`)])()
      })
    }
    const results = await Promise.all([run(), run()])
    assert.equal(results[0].fetched + results[1].fetched, 12)
    assert.equal(asked.length, 12)
    assert.ok(most > 1 && most <= 8, `${most} at once`)
  })

  it('goes on after a scheduler that died, and lets it change nothing if it did not', async () => {
    await linkFeed(await anAccount('ann'), 'https://a.example/')
    let finish = (_: Fetched) => {}
    answers.set('https://a.example/', () => new Promise<Fetched>((resolve) => (finish = resolve)))
    const stuck = run()
    await waitFor(() => asked.length === 1, { what: 'the first fetch' })
    answers.set('https://a.example/', fetched([post('of the second')]))
    assert.equal((await run()).fetched, 0)
    later(3 * minuteMs)
    assert.equal((await run()).fetched, 1)
    finish(await fetched([post('of the first')])())
    await stuck
    assert.deepEqual(await texts(), ['text of the second'])
  })

  it('gives back what it has begun when the process ends', async () => {
    await linkFeed(await anAccount('ann'), 'https://a.example/')
    const stop = new AbortController()
    answers.set(
      'https://a.example/',
      (_, signal) => new Promise((_, fail) => signal!.addEventListener('abort', () => fail(signal!.reason))),
    )
    const stopped = run(undefined, stop.signal)
    await waitFor(() => asked.length === 1, { what: 'the fetch' })
    stop.abort()
    assert.deepEqual(await stopped, { fetched: 0, failed: 0, items: 0 })
    answers.set('https://a.example/', fetched([post('1')]))
    assert.equal((await run()).fetched, 1)
  })

  it('forgets a profile with its posts when nobody has it any more', async () => {
    const [ann, bo] = [await anAccount('ann', 'annx'), await anAccount('bo')]
    const { profile } = await linkFeed(ann, 'https://a.example/')
    await linkFeed(bo, 'https://a.example/')
    answers.set('https://a.example/', fetched([post('1')]))
    answers.set('annx', fetched([post('2', new Date(0))]))
    await run()
    await unlinkProfile(database.db, ann, profile.id, setXName)
    await run()
    assert.deepEqual(await texts(), ['text 1', 'text 2'])
    await unlinkProfile(database.db, bo, profile.id, setXName)
    await setXName(database.db, ann, null)
    assert.deepEqual(await texts(), [], 'at once')
    await run()
    assert.deepEqual([await profiles(), await database.db('feed_items')], [[], []])
  })

  it('never forgets a profile that is linked in this moment', async () => {
    const ann = await anAccount('ann')
    for (let i = 0; i < 30; i++) {
      const address = `https://a.example/${i % 3}`
      answers.set(address, fetched([]))
      const [{ profile }] = await Promise.all([linkFeed(ann, address), run(), run()])
      assert.equal(
        (await listProfiles(database.db, ann, now)).some(({ id }) => id === profile.id),
        true,
      )
      await unlinkProfile(database.db, ann, profile.id, setXName)
    }
  })
})
