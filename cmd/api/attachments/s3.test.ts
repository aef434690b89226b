import assert from 'node:assert/strict'
import type { Knex } from 'knex'
import { removeObjects, removeUnattached } from '#internal/attachments/cleanup'
import { createStorage } from '#internal/attachments/storage'
import { png } from '#internal/attachments/testing'
import { silentLog } from '#internal/telemetry/log'
import { startTestS3, type TestS3 } from '#internal/testing/s3'
import { type Caller, expectProblem, startTestApi, type TestApi, testConfig } from '../http/testing.ts'

const hourMs = 3600_000

describe('attachments in an S3-compatible storage', () => {
  let s3: TestS3
  let api: TestApi
  let ada: Caller
  let topic: number
  const settings = (more: object = {}) => ({
    ATTACHMENTS_S3_URL: s3.url,
    ATTACHMENTS_S3_BUCKET: s3.bucket,
    ATTACHMENTS_S3_KEY: s3.key,
    ATTACHMENTS_S3_SECRET: s3.secret,
    ...more,
  })
  const start = async (more: object = {}) => {
    api = await startTestApi(settings(more))
    ada = await api.anAccount({ username: 'ada' })
    topic = (await api.request('POST', '/api/v1/topics', { token: ada, body: { name: 'Ops' } })).body.id
  }
  beforeEach(async () => {
    s3 = await startTestS3()
  })
  afterEach(async () => {
    await api.stop()
    await s3.stop()
  })

  const upload = (body = png(), headers: Record<string, string> = {}) =>
    api.request('POST', `/api/v1/conversations/${topic}/attachments`, {
      token: ada,
      body,
      headers: { 'content-type': 'image/png', ...headers },
    })
  const get = (id: number) => api.request('GET', `/api/v1/attachments/${id}`, { token: ada })
  const bytesOf = async (id: number) => {
    const headers = { authorization: `Bearer ${ada.token}` }
    return Buffer.from(await (await fetch(`${api.url}/api/v1/attachments/${id}`, { headers })).arrayBuffer())
  }
  const post = async (attachment_ids: number[]): Promise<number> =>
    (
      await api.request('POST', `/api/v1/conversations/${topic}/messages`, {
        token: ada,
        body: { body: 'look', attachment_ids },
      })
    ).body.id
  const removals = async () => (await api.db('attachment_removals')).length
  const runJob = async () => {
    const db = api.db as Knex
    const now = api.clock.now()
    const unattached = await removeUnattached(db, now)
    const storage = createStorage({ ...testConfig, ...settings() }, silentLog)
    return { unattached, objects: await removeObjects(db, storage, now) }
  }

  it('come back as they were, and PostgreSQL has no copy', async () => {
    await start()
    const bytes = png(3, 2, 2_000_000)
    const { status, body } = await upload(bytes)
    assert.equal(status, 201)
    assert.deepEqual(await bytesOf(body.id), bytes)
    assert.equal((await api.db('attachment_contents')).length, 0)
    assert.deepEqual(await s3.keys(), [(await api.db('attachments').first()).object_key])
    assert.equal(await removals(), 0)
  })
  it('are removed by the job when their message is deleted', async () => {
    await start()
    const [{ body: one }, { body: other }] = [await upload(), await upload()]
    const message = await post([one.id])
    await post([other.id])
    await api.request('DELETE', `/api/v1/messages/${message}`, { token: ada })
    expectProblem(await get(one.id), 404, 'attachment_not_found')
    assert.equal((await s3.keys()).length, 2)
    const counts = await Promise.all([runJob(), runJob()])
    assert.equal(counts[0]!.objects + counts[1]!.objects, 1)
    assert.equal((await s3.keys()).length, 1)
    assert.deepEqual(await bytesOf(other.id), png())
  })
  it('are removed when no message names them within a day', async () => {
    await start()
    await upload()
    api.clock.advance(24 * hourMs + 1000)
    assert.deepEqual(await runJob(), { unattached: 1, objects: 1 })
    assert.deepEqual(await s3.keys(), [])
  })
  it('are removed when their upload never came to its end', async () => {
    await start()
    // A replay stores an object for nothing, like an api that dies after the object and before the row.
    const first = await upload(png(), { 'idempotency-key': 'k' })
    assert.deepEqual((await upload(png(), { 'idempotency-key': 'k' })).body, first.body)
    assert.equal((await s3.keys()).length, 2)
    assert.deepEqual(await runJob(), { unattached: 0, objects: 0 })
    api.clock.advance(hourMs + 1000)
    assert.deepEqual(await runJob(), { unattached: 0, objects: 1 })
    assert.equal((await s3.keys()).length, 1)
    assert.deepEqual(await bytesOf(first.body.id), png())
  })
  it('answer 503 while the storage is away, and go on when it is back', async () => {
    await start()
    const { body } = await upload()
    await post([body.id])
    await s3.away()
    for (const answer of [await upload(), await get(body.id)]) {
      expectProblem(answer, 503, 'storage_unavailable')
      assert.equal(answer.headers.get('retry-after'), '5')
    }
    assert.equal((await api.db('attachments')).length, 1)
    await s3.back()
    assert.deepEqual(await bytesOf(body.id), png())
    assert.equal((await upload()).status, 201)
  })
  it('wait to be removed while the storage is away', async () => {
    await start()
    const { body } = await upload()
    const message = await post([body.id])
    await api.request('DELETE', `/api/v1/messages/${message}`, { token: ada })
    await s3.away()
    await assert.rejects(runJob(), { code: 'storage_unavailable' })
    assert.equal(await removals(), 1)
    await s3.back()
    assert.deepEqual(await runJob(), { unattached: 0, objects: 0 })
    api.clock.advance(5 * 60_000 + 1000)
    assert.deepEqual(await runJob(), { unattached: 0, objects: 1 })
    assert.deepEqual([await s3.keys(), await removals()], [[], 0])
  })
  it('answer 503 where the storage refuses: a wrong secret, an unknown key, no bucket', async () => {
    for (const wrong of [
      { ATTACHMENTS_S3_SECRET: 'wrong' },
      { ATTACHMENTS_S3_KEY: 'nobody' },
      { ATTACHMENTS_S3_BUCKET: 'no-such-bucket' },
    ]) {
      await api?.stop()
      await start(wrong)
      expectProblem(await upload(), 503, 'storage_unavailable')
      assert.deepEqual(await s3.keys(), [])
      assert.equal((await api.db('attachments')).length, 0)
    }
  })
  it('answer 404 when the object was taken away behind our back', async () => {
    await start()
    const { body } = await upload()
    const storage = createStorage({ ...testConfig, ...settings() }, silentLog)
    await storage.remove((await s3.keys())[0]!)
    expectProblem(await get(body.id), 404, 'attachment_not_found')
  })
  it('and those that PostgreSQL has are both read, whatever is configured now', async () => {
    await start()
    const { body: inS3 } = await upload()
    const inPostgres = await api.db('attachments').where({ id: inS3.id }).first()
    const [{ id }] = await api
      .db('attachments')
      .insert({ ...inPostgres, id: undefined, object_key: null })
      .returning('id')
    await api.db('attachment_contents').insert({ attachment_id: id, bytes: png() })
    assert.deepEqual([await bytesOf(id), await bytesOf(inS3.id)], [png(), png()])
    const without = createStorage(testConfig, silentLog)
    await assert.rejects(without.read(api.db, inPostgres), { code: 'storage_unavailable' })
  })
})
