import assert from 'node:assert/strict'
import path from 'node:path'
import { pendingMigrations } from '#internal/db/migrate'
import { migrations } from '#internal/db/migrations/index'
import { runChild } from '#internal/testing/child'
import { testDatabase } from '#internal/testing/database'

const belfry = async (args: string[], env: Record<string, string> = {}) => {
  const child = runChild(path.resolve(import.meta.dirname, 'main.ts'), args, { PATH: process.env.PATH, ...env })
  const code = await child.ended
  return { code, out: child.stdout, error: child.stderr }
}

describe('belfry', () => {
  it('lists its commands when it knows not what to do', async () => {
    const { code, error } = await belfry(['frobnicate'])
    assert.equal(code, 1)
    assert.match(error, /There is no command "frobnicate"\. Commands:\n {2}migrate/)
  })

  it('migrates an empty database, and finds nothing to do the second time, also when two do it at once', async () => {
    const { db, url, drop } = await testDatabase()
    await db.raw('drop schema public cascade')
    await db.raw('create schema public')
    const runs = await Promise.all([1, 2].map(() => belfry(['migrate'], { BELFRY_DATABASE_URL: url })))
    assert.deepEqual(
      runs.map(({ code }) => code),
      [0, 0],
      JSON.stringify(runs),
    )
    assert.deepEqual(runs.map(({ out }) => out.startsWith('Applied 001-accounts')).toSorted(), [false, true])
    assert.deepEqual(await pendingMigrations(db, migrations), [])
    await drop()
  })

  it('says plainly what is missing or wrong', async () => {
    const missing = await belfry(['migrate'])
    assert.deepEqual([missing.code, missing.out], [1, ''])
    assert.match(missing.error, /BELFRY_DATABASE_URL is not set/)
    assert.doesNotMatch(missing.error, / {4}at /)
    const away = await belfry(['migrate'], { BELFRY_DATABASE_URL: 'postgres://belfry@127.0.0.1:1/none' })
    assert.match(away.error, /^PostgreSQL cannot be used: .*Look at BELFRY_DATABASE_URL\.\n$/)
  })

  it('prints the settings and no secret', async () => {
    const secret = 'not to be seen by anybody at all'
    const { code, out } = await belfry(['config'], { BELFRY_JWT_SECRET: secret, BELFRY_PORT: '1234' })
    assert.equal(code, 0)
    assert.match(out, /^BELFRY_PORT=1234$/m)
    assert.match(out, /^BELFRY_JWT_SECRET=\*+$/m)
    assert.ok(!out.includes(secret))
    assert.match((await belfry(['config'], { BELFRY_PROT: '1' })).error, /BELFRY_PROT is not a setting/)
  })
})
