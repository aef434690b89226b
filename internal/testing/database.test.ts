import assert from 'node:assert/strict'
import { testDatabase } from './database.ts'

describe('testDatabase', () => {
  it('gives each caller a migrated database of its own', async () => {
    const [one, two] = await Promise.all([testDatabase(), testDatabase()])
    assert.notEqual(one.url, two.url)
    await one.db.raw('create table mine (id int)')
    assert.equal(await two.db.schema.hasTable('mine'), false)
    assert.equal(await two.db.schema.hasTable('schema_migrations'), true)
    await Promise.all([one.drop(), two.drop()])
  })
})
