import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { type Child, runChild } from '#internal/testing/child'
import { temporaryDirectory } from '#internal/testing/directory'
import { waitFor } from '#internal/testing/wait-for'
import { query } from './postmaster.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start.ts'

const childFile = path.resolve(import.meta.dirname, '../testing/embedded-postgres-child.ts')

describe('embedded PostgreSQL', function () {
  this.timeout(60_000)
  let dataDir: string
  let remove: () => Promise<void>
  let server: EmbeddedPostgres | undefined
  let child: Child | undefined

  const start = async () => {
    server = await startEmbeddedPostgres({ dataDir })
    return server
  }
  const startInChild = async () => {
    const running = runChild(childFile, [dataDir])
    child = running
    return waitFor(() => /^postgres:.*$/m.exec(running.stdout)?.[0], {
      timeoutMs: 30_000,
      what: 'the child to print its URL',
    })
  }
  const pidFile = () => path.join(dataDir, 'cluster/postmaster.pid')
  const postmasterPid = async () => Number((await readFile(pidFile(), 'utf8')).split('\n')[0])
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }

  before(async () => {
    const temporary = await temporaryDirectory()
    remove = temporary.remove
    dataDir = path.join(temporary.directory, 'data')
    const { url } = await start()
    await query(url, 'create table kept (n int)')
  })
  afterEach(async () => {
    child?.process.kill('SIGKILL')
    await child?.ended
    child = undefined
    await server?.stop()
    server = undefined
  })
  after(() => remove())

  it('starts on nothing, with a password for the superuser and only on the loopback address', async () => {
    const { url } = await start()
    assert.equal((await stat(path.join(dataDir, 'password'))).mode & 0o777, 0o600)
    assert.deepEqual(await query(url, `select current_setting('listen_addresses') as it`), [{ it: '127.0.0.1' }])
    assert.deepEqual(await query(url, `select current_setting('fsync') as it`), [{ it: 'on' }])
    await assert.rejects(query(url.replace(/:[^:@]+@/, ':wrong@'), 'select 1'), { code: '28P01' })
  })

  it('starts a second time within seconds, on the same port', async () => {
    const { url } = await start()
    await server?.stop()
    const began = Date.now()
    assert.equal((await start()).url, url)
    assert.ok(Date.now() - began < 5000, `${Date.now() - began} ms`)
  })

  it('keeps the data when the process that started it gets SIGTERM, and leaves nothing running', async () => {
    const url = await startInChild()
    const pid = await postmasterPid()
    await query(url, 'insert into kept values (1)')
    child?.process.kill('SIGTERM')
    assert.equal(await child?.ended, 0)
    await waitFor(() => !isAlive(pid), { what: 'the end of PostgreSQL' })
    assert.deepEqual(await query((await start()).url, 'select n from kept where n = 1'), [{ n: 1 }])
  })

  it('survives a kill -9 of the process that started it, and is taken over', async () => {
    const url = await startInChild()
    const pid = await postmasterPid()
    await query(url, 'insert into kept values (2)')
    child?.process.kill('SIGKILL')
    assert.equal(await child?.ended, 'SIGKILL')
    assert.equal((await start()).url, url)
    assert.equal(await postmasterPid(), pid)
    assert.deepEqual(await query(url, 'select n from kept where n = 2'), [{ n: 2 }])
  })

  it('recovers when PostgreSQL itself is killed with -9', async () => {
    const { url } = await start()
    await query(url, 'insert into kept values (3)')
    const pid = await postmasterPid()
    process.kill(pid, 'SIGKILL')
    await waitFor(() => !isAlive(pid), { what: 'the end of the postmaster' })
    assert.deepEqual(await query((await start()).url, 'select n from kept where n = 3'), [{ n: 3 }])
  })

  it('starts over a pid file whose number another process has now', async () => {
    await start()
    const pid = await postmasterPid()
    process.kill(pid, 'SIGKILL')
    await waitFor(() => !isAlive(pid), { what: 'the end of the postmaster' })
    const [, ...rest] = (await readFile(pidFile(), 'utf8')).split('\n')
    // Of the same user as PostgreSQL, which is where PostgreSQL itself would be deceived.
    const { uid, gid } = await stat(pidFile())
    const other = spawn('/bin/sleep', ['60'], { uid, gid })
    try {
      await writeFile(pidFile(), [other.pid, ...rest].join('\n'))
      const { url } = await start()
      await query(url, 'select 1')
      assert.notEqual(await postmasterPid(), other.pid)
    } finally {
      other.kill('SIGKILL')
    }
  })

  it('takes another port when somebody else has the remembered one', async () => {
    const { url } = await start()
    await server?.stop()
    const port = Number(new URL(url).port)
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    try {
      const changed = await start()
      assert.notEqual(Number(new URL(changed.url).port), port)
      assert.equal(Number(await readFile(path.join(dataDir, 'port'), 'utf8')), Number(new URL(changed.url).port))
    } finally {
      other.close()
    }
  })

  it('does initdb again when it was cut short', async () => {
    const fresh = path.join(path.dirname(dataDir), 'fresh')
    await mkdir(path.join(fresh, 'cluster.new/base'), { recursive: true })
    await chmod(fresh, 0o711)
    await writeFile(path.join(fresh, 'cluster.new/PG_VERSION'), '18\n')
    server = await startEmbeddedPostgres({ dataDir: fresh, durable: false })
    assert.deepEqual(await query(server.url, `select current_setting('fsync') as it`), [{ it: 'off' }])
    await server.stop()
    await rm(fresh, { recursive: true })
  })

  it('says what to do when the password is lost', async () => {
    await rm(path.join(dataDir, 'password'))
    await assert.rejects(start(), { name: 'PlainError', message: /password is missing.*Restore it/ })
  })
})
