import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { type Child, runChild } from '#internal/testing/child'
import { temporaryDirectory } from '#internal/testing/directory'
import { waitFor } from '#internal/testing/wait-for'
import { Follower, isComplete, makeObjects, reconcile, Writer } from './witness.ts'

const mainFile = path.resolve(import.meta.dirname, 'main.ts')
const rounds = 4

describe('the whole program, killed in the middle of writes', function () {
  this.timeout(120_000)
  let directory: string
  let remove: () => Promise<void>
  let env: Record<string, string>
  let base: string
  let child: Child
  let writing = true
  let followers: Follower[] = []

  before(async () => {
    ;({ directory, remove } = await temporaryDirectory())
    env = {
      PATH: process.env.PATH ?? '',
      BELFRY_DATA_DIR: path.join(directory, 'data'),
      BELFRY_HOST: '127.0.0.1',
      BELFRY_PORT: String(await findFreePort()),
      BELFRY_INTERNAL_PORT: String(await findFreePort()),
    }
    base = `http://127.0.0.1:${env.BELFRY_PORT}`
  })
  after(async () => {
    writing = false
    for (const follower of followers) await follower.stop()
    child.process.kill('SIGTERM')
    await child.ended
    await remove()
  })

  async function start(): Promise<void> {
    child = runChild(mainFile, [], env)
    const ready = () => child.stdout.includes('Belfry is ready')
    await waitFor(ready, { timeoutMs: 40_000, what: 'ready' }).catch((error) => {
      throw new Error(`${error.message}: ${child.stdout}${child.stderr}`)
    })
  }

  async function kill(withPostgres: boolean): Promise<void> {
    if (withPostgres) {
      const file = path.join(env.BELFRY_DATA_DIR!, 'cluster/postmaster.pid')
      process.kill(Number((await readFile(file, 'utf8')).split('\n')[0]), 'SIGKILL')
    }
    child.process.kill('SIGKILL')
    await child.ended
  }

  it('keeps every acknowledged alert, shows each once and in order, and clients resume by cursor', async () => {
    await start()
    const { token, objects } = await makeObjects(base, 6)
    followers = objects.map((object) => new Follower([base], object.id, object.token))
    const writers = Array.from({ length: 4 }, (_, i) => new Writer(`w${i}`, [base], token))
    const ids = objects.map((object) => object.id)
    const written = Promise.all(writers.map((writer) => writer.run(ids, () => writing)))

    for (let round = 0; round < rounds; round++) {
      const before = writers.reduce((sum, writer) => sum + writer.acknowledged.length, 0)
      const count = () => writers.reduce((sum, writer) => sum + writer.acknowledged.length, 0) - before
      await waitFor(() => count() >= 60 + round * 17, { timeoutMs: 20_000, what: 'writes under way' })
      await kill(round % 2 === 1)
      await start()
    }
    await delay(300)
    writing = false
    await written
    for (const follower of followers) {
      await waitFor(() => isComplete(writers, follower), { timeoutMs: 15_000, what: 'every alert in every inbox' })
      await follower.stop()
      reconcile(writers, follower)
      assert.ok(follower.connections > rounds)
    }
    // Told again from the beginning, the history is the same.
    for (const { objectId, got } of followers) {
      const { token: own } = objects.find((object) => object.id === objectId)!
      const fresh = new Follower([base], objectId, own)
      await waitFor(() => fresh.got.length >= got.length, { what: 'the backlog' })
      await fresh.stop()
      assert.deepEqual(fresh.got, got)
    }
  })
})
