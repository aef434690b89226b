import assert from 'node:assert/strict'
import path from 'node:path'
import { createStorage } from '#internal/attachments/storage'
import { png } from '#internal/attachments/testing'
import { readConfig } from '#internal/config/read'
import { silentLog } from '#internal/telemetry/log'
import { runChild } from '#internal/testing/child'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { startTestS3, type TestS3 } from '#internal/testing/s3'
import { schedulerSettings } from '../config.ts'

const main = path.join(import.meta.dirname, '../main.ts')

describe('the job attachments', () => {
  let database: TestDatabase
  let s3: TestS3
  beforeEach(async () => {
    ;[database, s3] = await Promise.all([testDatabase(), startTestS3()])
  })
  afterEach(() => Promise.all([database.drop(), s3.stop()]))

  const settings = () => ({
    BELFRY_ATTACHMENTS_S3_URL: s3.url,
    BELFRY_ATTACHMENTS_S3_BUCKET: s3.bucket,
    BELFRY_ATTACHMENTS_S3_KEY: s3.key,
    BELFRY_ATTACHMENTS_S3_SECRET: s3.secret,
  })
  /** An object whose attachment never came, two hours ago. */
  const leaveBehind = async () => {
    const storage = createStorage(readConfig(settings(), schedulerSettings), silentLog)
    await storage.stage(database.db, png(), 'image/png', new Date(Date.now() - 2 * 3600_000))
  }
  /** As a process of its own. */
  const run = async (more: object = {}) => {
    const env = { PATH: process.env.PATH, BELFRY_DATABASE_URL: database.url, ...more }
    const child = runChild(main, ['attachments'], env)
    const code = await child.ended
    return { code, ...JSON.parse(child.stdout.trim().split('\n').at(-1)!) }
  }

  it('removes objects from the storage', async () => {
    await leaveBehind()
    const { code, unattached, objects } = await run(settings())
    assert.deepEqual([code, unattached, objects, await s3.keys()], [0, 0, 1, []])
  })
  it('leaves them for later while no storage is configured, and fails while it is away', async () => {
    await leaveBehind()
    assert.equal((await run()).objects, 0)
    await s3.away()
    const { code, message } = await run(settings())
    assert.deepEqual([code, /storage of attachments/.test(message)], [1, true])
    await s3.back()
    assert.equal((await s3.keys()).length, 1)
    assert.equal((await database.db('attachment_removals')).length, 1)
  })
})
