import assert from 'node:assert/strict'
import path from 'node:path'
import { createHasher } from '#internal/accounts/hasher'
import { runChild } from '#internal/testing/child'
import { testDatabase } from '#internal/testing/database'

describe('belfry demo', function () {
  this.timeout(60_000)
  it('makes an organisation once, with a password that it tells', async () => {
    const { db, url, drop } = await testDatabase()
    const demo = async (...args: string[]) => {
      const main = path.resolve(import.meta.dirname, '../main.ts')
      const child = runChild(main, ['demo', ...args], { PATH: process.env.PATH, BELFRY_DATABASE_URL: url })
      return { code: await child.ended, out: child.stdout, error: child.stderr }
    }
    const { code, out, error } = await demo('--json')
    assert.deepEqual([code, error], [0, ''])
    const made = JSON.parse(out)
    const count = async (table: string) => (await db(table)).length
    assert.deepEqual(
      [made.accounts.length, made.conversations, made.messages, made.objects, made.alerts],
      await Promise.all(['accounts', 'conversations', 'messages', 'objects', 'alerts'].map(count)),
    )
    // Believable: somebody runs it, people have reacted, alerts are read by many, and somebody is missing.
    const [admin] = await db('accounts').where({ role: 'admin' })
    assert.ok(await createHasher().verify(admin.password_hash, made.password))
    assert.ok((await count('reactions')) > 10 && (await count('statuses')) > 3)
    const tallies = await db('alert_tallies').orderBy('alert_id')
    assert.ok(tallies.every(({ read, acknowledged }) => read > acknowledged && acknowledged > 5))
    // Whoever logs in first finds something to answer.
    const friendships = await db('friendships').select('accepted_at')
    assert.deepEqual([friendships.length, friendships.filter((one) => one.accepted_at === null).length], [4, 1])
    assert.deepEqual([await count('invitations'), await count('attachments')], [1, 1])

    const again = await demo()
    assert.deepEqual([again.code, again.out], [1, ''])
    assert.match(again.error, /^There is an account mara already/)
    assert.equal(await count('messages'), made.messages)
    await drop()
  })
})
