import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { type Child, runChild } from '#internal/testing/child'
import { temporaryDirectory } from '#internal/testing/directory'
import { waitFor } from '#internal/testing/wait-for'

const mainFile = path.resolve(import.meta.dirname, 'main.ts')

describe('npm start', function () {
  this.timeout(60_000)
  let directory: string
  let remove: () => Promise<void>
  let env: Record<string, string>
  const children: Child[] = []

  before(async () => ({ directory, remove } = await temporaryDirectory()))
  beforeEach(async () => {
    env = {
      PATH: process.env.PATH ?? '',
      BELFRY_DATA_DIR: path.join(directory, 'data'),
      BELFRY_HOST: '127.0.0.1',
      BELFRY_PORT: String(await findFreePort()),
      BELFRY_INTERNAL_PORT: String(await findFreePort()),
    }
  })
  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.process.kill('SIGKILL')
      await child.ended
    }
  })
  after(async () => {
    // Takes over what a killed one left, so that nothing stays behind.
    const last = await ready()
    last.process.kill('SIGTERM')
    await last.ended
    await remove()
  })

  const start = (changed: Record<string, string> = {}) => {
    const child = runChild(mainFile, [], { ...env, ...changed })
    children.push(child)
    return child
  }
  const ready = async (changed: Record<string, string> = {}) => {
    const child = start(changed)
    const failed = child.ended.then((code) => assert.fail(`ended with ${code}: ${child.stderr}${child.stdout}`))
    await Promise.race([
      failed,
      waitFor(() => /Belfry is ready/.test(child.stdout), { timeoutMs: 40_000, what: 'ready' }),
    ])
    failed.catch(() => undefined)
    return child
  }
  const postmaster = async () =>
    Number((await readFile(path.join(env.BELFRY_DATA_DIR!, 'cluster/postmaster.pid'), 'utf8')).split('\n')[0])
  const isRunning = async (pid: number) => {
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    return state !== '' && !/\) Z /.test(state)
  }
  const failure = async (changed: Record<string, string>) => {
    const child = start(changed)
    assert.equal(await child.ended, 1)
    assert.equal(child.stdout, '')
    return child.stderr
  }

  it('says where the data is and where it answers, answers there, and stops cleanly', async () => {
    const child = await ready()
    const lines = child.stdout.trim().split('\n')
    assert.equal(lines.at(-1), `Belfry is ready: http://localhost:${env.BELFRY_PORT}`)
    assert.match(child.stdout, new RegExp(`Data is kept in ${env.BELFRY_DATA_DIR}`))
    const answer = await fetch(`http://127.0.0.1:${env.BELFRY_PORT}/ping`)
    assert.equal((await answer.text()).trim(), 'pong')
    const pid = await postmaster()
    child.process.kill('SIGTERM')
    assert.equal(await child.ended, 0)
    await waitFor(async () => !(await isRunning(pid)), { what: 'the end of PostgreSQL' })
    assert.equal(child.stderr, '')
  })

  it('starts again after a kill -9', async () => {
    const first = await ready()
    first.process.kill('SIGKILL')
    await first.ended
    const second = await ready()
    second.process.kill('SIGINT')
    assert.equal(await second.ended, 0)
  })

  it('starts PostgreSQL again when that is killed, and answers again by itself', async () => {
    const child = await ready()
    const base = `http://127.0.0.1:${env.BELFRY_PORT}`
    const register = (username: string) => {
      const body = JSON.stringify({ username, password: 'lovelace' })
      return fetch(`${base}/register`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    }
    assert.equal((await register('before')).status, 201)
    process.kill(await postmaster(), 'SIGKILL')
    await waitFor(() => child.stdout.includes('PostgreSQL is back.'), { timeoutMs: 30_000, what: 'PostgreSQL' })
    await waitFor(async () => (await register('after')).status === 201, { what: 'a write' })
    assert.equal((await fetch(`${base}/status/before`)).status, 200)
    child.process.kill('SIGTERM')
    assert.equal(await child.ended, 0)
  })

  it('refuses to share its data with another that runs', async () => {
    const first = await ready()
    const ports = { BELFRY_PORT: String(await findFreePort()), BELFRY_INTERNAL_PORT: String(await findFreePort()) }
    assert.match(await failure(ports), new RegExp(`^Another Belfry \\(pid ${first.process.pid}\\) uses `))
    first.process.kill('SIGTERM')
    assert.equal(await first.ended, 0)
  })

  it('stops cleanly when the signal comes while it starts', async () => {
    const child = start()
    const pid = await waitFor(() => postmaster().catch(() => 0), { timeoutMs: 20_000, what: 'PostgreSQL to start' })
    child.process.kill('SIGTERM')
    assert.equal(await child.ended, 0)
    await waitFor(async () => !(await isRunning(pid)), { what: 'the end of PostgreSQL' })
    assert.equal(child.stderr, '')
  })

  for (const setting of ['BELFRY_PORT', 'BELFRY_INTERNAL_PORT']) {
    it(`says what to do when ${setting} is taken`, async () => {
      const other = createServer().listen(Number(env[setting]), '127.0.0.1')
      await once(other, 'listening')
      const line = `Port ${env[setting]} is taken. Stop the program that listens there, or set ${setting} to another port.\n`
      assert.equal(await failure({}), line)
      other.close()
    })
  }

  it('says what to do when the data directory cannot be written', async () => {
    const file = path.join(directory, 'file')
    await writeFile(file, '')
    assert.match(await failure({ BELFRY_DATA_DIR: `${file}/data` }), /^Cannot write .*file.*Set BELFRY_DATA_DIR .*\n$/)
  })

  it('says what to do when the data directory cannot be made', async () => {
    assert.match(
      await failure({ BELFRY_DATA_DIR: '/proc/belfry/data' }),
      /^Cannot .*\/proc\/belfry.*BELFRY_DATA_DIR.*\n$/,
    )
  })

  it('says every setting that is wrong', async () => {
    const text = await failure({ BELFRY_PORT: 'eighty', BELFRY_TYPO: '1' })
    assert.match(text, /BELFRY_PORT must be a whole number/)
    assert.match(text, /BELFRY_TYPO is not a setting/)
  })

  it('says what to do when the PostgreSQL that was named does not answer', async () => {
    const url = `postgres://nobody@127.0.0.1:${await findFreePort()}/none`
    assert.match(await failure({ BELFRY_DATABASE_URL: url }), /^PostgreSQL cannot be used: .*BELFRY_DATABASE_URL.*\n$/)
  })
})
