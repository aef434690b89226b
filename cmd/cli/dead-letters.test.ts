import assert from 'node:assert/strict'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { belfry } from './testing.ts'

describe('belfry dead-letters', function () {
  this.timeout(60_000)
  let database: TestDatabase

  beforeEach(async () => {
    database = await testDatabase()
  })
  afterEach(() => database.drop())

  const letters = (...args: string[]) =>
    belfry(['dead-letters', ...args], { env: { BELFRY_DATABASE_URL: database.url } })
  const bury = (source: string, error: string) =>
    database.db('dead_letters').insert({ source, position: 5, payload: '{"n":1}', error })
  const states = () => database.db('dead_letters').orderBy('id').pluck('state')

  it('list shows the dead ones, newest first', async () => {
    assert.match((await letters('list')).out, /^ID +AT +SOURCE +POSITION +ERROR\n$/)
    await bury('deliveries', 'TypeError: x is not a function\nat somewhere')
    await bury('delivery:email', `Error: ${'long '.repeat(100)}`)
    const [, second, first] = (await letters('list')).out.split('\n')
    assert.match(second!, /^2 +\S+Z +delivery:email +5 +Error: long .{60,80}$/)
    assert.match(first!, /^1 +\S+Z +deliveries +5 +TypeError: x is not a function$/)
    const json = (await letters('list', '--json')).out.trimEnd().split('\n')
    assert.deepEqual(
      json.map((line) => JSON.parse(line).payload),
      [{ n: 1 }, { n: 1 }],
    )
    assert.equal((await letters('list', '--state', 'replayed', '--json')).out, '')
  })

  it('show prints one', async () => {
    await bury('deliveries', 'Error: no')
    const { at, ...letter } = JSON.parse((await letters('show', '1')).out)
    assert.deepEqual(letter, {
      ...{ id: 1, source: 'deliveries', position: 5, payload: { n: 1 }, error: 'Error: no' },
      ...{ state: 'dead', replayed_at: null },
    })
    assert.ok(Date.parse(at) > 0)
    assert.deepEqual(await letters('show', '2'), { code: 1, out: '', error: 'There is no dead letter 2.\n' })
    assert.equal((await letters('show', 'x')).code, 2)
  })

  it('replay has one tried again, or all of them', async () => {
    for (const n of [1, 2, 3]) await bury('deliveries', `Error: ${n}`)
    assert.equal((await letters('replay', '2')).out, 'A worker will try letter 2 again.\n')
    assert.deepEqual(await states(), ['dead', 'queued', 'dead'])
    const twice = await letters('replay', '2')
    assert.deepEqual(twice, { code: 1, out: '', error: 'This dead letter is being tried again, or was.\n' })
    assert.equal((await letters('replay', '9')).code, 1)
    assert.deepEqual(JSON.parse((await letters('replay', '--all', '--json')).out), { queued: [3, 1] })
    assert.deepEqual(await states(), ['queued', 'queued', 'queued'])
    assert.equal((await letters('replay')).code, 2)
    assert.equal((await letters('replay', '1', '--all')).code, 2)
  })
})
