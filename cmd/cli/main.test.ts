import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import path from 'node:path'
import { Command } from 'commander'
import { pendingMigrations } from '#internal/db/migrate'
import { migrations } from '#internal/db/migrations/index'
import { startEmbeddedPostgres } from '#internal/embedded-postgres/start'
import { testDatabase } from '#internal/testing/database'
import { temporaryDirectory } from '#internal/testing/directory'
import { waitFor } from '#internal/testing/wait-for'
import { addCommands } from './commands/index.ts'
import { belfry, commandLine, startBelfry } from './testing.ts'

// Where no Belfry runs.
const nowhere = { BELFRY_DATA_DIR: '/nonexistent' }

describe('belfry', function () {
  this.timeout(60_000)

  it('ends with 2 and its commands when it is told nothing, with one line when it is told what it does not know', async () => {
    const nothing = await belfry([])
    assert.deepEqual([nothing.code, nothing.out], [2, ''])
    assert.match(nothing.error, /^Usage: belfry[\s\S]*\n {2}migrate [\s\S]*\n {2}tail /)
    assert.deepEqual(await belfry(['frobnicate']), { code: 2, out: '', error: "unknown command 'frobnicate'\n" })
    const option = await belfry(['alert', 'x', '--al'])
    assert.deepEqual(option, { code: 2, out: '', error: "unknown option '--al' (Did you mean --all?)\n" })
    assert.deepEqual((await belfry(['accounts', 'role', 'ada', 'king'])).code, 2)
    assert.deepEqual((await belfry(['migrate', 'more'])).code, 2)
  })

  it('has help with examples for each command', async () => {
    const { code, out, error } = await belfry(['--help'])
    assert.deepEqual([code, error], [0, ''])
    assert.match(out, /^On the database [\s\S]*^As a client of the API /m)
    const program = new Command()
    await addCommands(program, undefined)
    let leaves = 0
    const look = (command: Command) => {
      command.commands.forEach(look)
      if (command.commands.length > 0) return
      leaves++
      let help = ''
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
      assert.match(help, new RegExp(`\\nExamples:\\n {2}.*belfry .*${command.name()}`), command.name())
    }
    look(program)
    assert.ok(leaves >= 18)
    assert.match((await belfry(['objects', 'import', '--help'])).out, /belfry objects import people\.csv/)
  })

  it('says its versions', async () => {
    assert.match((await belfry(['version'])).out, /^Belfry \d+\.\d+\.\d+, schema \d{3}-\S+, Node 22\.\S+\n$/)
    const { version, schema } = JSON.parse((await belfry(['version', '--json'])).out)
    assert.equal(schema, migrations.at(-1)!.name)
    assert.equal((await belfry(['--version'])).out, `${version}\n`)
  })

  it('migrates an empty database, and finds nothing to do the second time, also when two do it at once', async () => {
    const { db, url, drop } = await testDatabase()
    await db.raw('drop schema public cascade')
    await db.raw('create schema public')
    const early = await belfry(['accounts', 'list'], { env: { BELFRY_DATABASE_URL: url } })
    assert.equal(early.code, 1)
    assert.match(early.error, /^The database lacks 001-accounts, .*belfry -- migrate` first\.\n$/)
    const runs = await Promise.all([1, 2].map(() => belfry(['migrate'], { env: { BELFRY_DATABASE_URL: url } })))
    assert.deepEqual(
      runs.map(({ code }) => code),
      [0, 0],
      JSON.stringify(runs),
    )
    assert.deepEqual(runs.map(({ out }) => out.startsWith('Applied 001-accounts')).toSorted(), [false, true])
    assert.deepEqual(await pendingMigrations(db, migrations), [])
    const again = await belfry(['migrate', '--json'], { env: { BELFRY_DATABASE_URL: url } })
    assert.equal(again.out, '{"applied":[],"topics":[],"problems":[]}\n')
    await drop()
  })

  it('waits for migrations that another process applies', async () => {
    const { url, db, drop } = await testDatabase()
    await db.raw('drop schema public cascade')
    await db.raw('create schema public')
    const env = { BELFRY_DATABASE_URL: url }
    const inVain = await belfry(['migrate', 'wait', '--timeout', '1'], { env })
    assert.deepEqual([inVain.code, inVain.out], [1, ''])
    assert.match(inVain.error, /^The database lacks 001-accounts, [^\n]*\.\nThe database lacks [^\n]*\.\n$/)
    const waiting = startBelfry(['migrate', 'wait'], { env })
    await waitFor(() => waiting.error.includes('lacks 001-accounts'), { what: 'the wait to begin' })
    await belfry(['migrate'], { env })
    assert.equal(await waiting.ended, 0)
    assert.equal(waiting.out, 'The schema is up to date.\n')
    const onKafka = { ...env, BELFRY_LOG: 'kafka' }
    const unprepared = await belfry(['migrate', 'wait', '--timeout', '1'], { env: onKafka })
    assert.equal(unprepared.code, 1)
    assert.match(unprepared.error, /not been prepared for Kafka/)
    await drop()
  })

  it('waits for PostgreSQL itself', async () => {
    const env = { BELFRY_DATABASE_URL: 'postgres://belfry@127.0.0.1:1/none' }
    const { code, error } = await belfry(['migrate', 'wait', '--timeout', '2'], { env })
    assert.equal(code, 1)
    assert.match(error, /^(PostgreSQL cannot be used: [^\n]*\n){2}$/)
    const migrating = await belfry(['migrate', '--patience', '2'], { env })
    assert.deepEqual([migrating.code, migrating.error], [1, error])
  })

  it('says plainly what is missing or wrong', async () => {
    const missing = await belfry(['migrate'], { env: nowhere })
    assert.deepEqual([missing.code, missing.out], [1, ''])
    assert.match(missing.error, /^BELFRY_DATABASE_URL is not set, and no Belfry runs on \/nonexistent\. .*\n$/)
    const away = await belfry(['migrate'], { env: { BELFRY_DATABASE_URL: 'postgres://belfry@127.0.0.1:1/none' } })
    assert.match(away.error, /^PostgreSQL cannot be used: .*Look at BELFRY_DATABASE_URL\.\n$/)
    const unknown = await belfry(['accounts', 'list'], { env: { ...nowhere, BELFRY_TOKN: 'x' } })
    assert.deepEqual([unknown.code, unknown.out], [1, ''])
    assert.match(unknown.error, /BELFRY_TOKN is not a setting/)
  })

  it('finds the PostgreSQL of the `npm start` that runs, by its data directory', async () => {
    const { directory, remove } = await temporaryDirectory()
    const env = { BELFRY_DATA_DIR: directory }
    const postgres = await startEmbeddedPostgres({ dataDir: directory, durable: false })
    assert.match((await belfry(['migrate'], { env })).out, /^Applied 001-accounts/)
    assert.equal((await belfry(['accounts', 'list', '--json'], { env })).out, '')
    // A relative one is one of the directory that the command runs in.
    const relative = { env: { BELFRY_DATA_DIR: path.basename(directory) }, cwd: path.dirname(directory) }
    assert.equal((await belfry(['migrate'], relative)).out, 'The schema is up to date.\n')
    await postgres.stop()
    const stopped = await belfry(['accounts', 'list'], { env })
    assert.equal(stopped.code, 1)
    assert.match(stopped.error, /^BELFRY_DATABASE_URL is not set, and no Belfry runs on .*\n$/)
    await remove()
  })

  it('prints the settings and no secret', async () => {
    const secret = 'not to be seen by anybody at all'
    const env = { BELFRY_JWT_SECRET: secret, BELFRY_PORT: '1234', BELFRY_TOKEN: 'hidden' }
    const { code, out } = await belfry(['config'], { env })
    assert.equal(code, 0)
    assert.match(out, /^BELFRY_PORT=1234$/m)
    assert.match(out, /^BELFRY_JWT_SECRET=\*+$/m)
    assert.ok(!out.includes(secret) && !out.includes('hidden'))
    const json = JSON.parse((await belfry(['config', '--json'], { env })).out)
    assert.deepEqual([json.BELFRY_PORT, json.BELFRY_JWT_SECRET], ['1234', '********'])
    assert.match((await belfry(['config'], { env: { BELFRY_PROT: '1' } })).error, /BELFRY_PROT is not a setting/)
  })

  it('ends without a word when its output is closed', async () => {
    const shell = spawn('bash', ['-o', 'pipefail', '-c', '"$@" | true', 'bash', ...commandLine, 'config'])
    let said = ''
    shell.stderr.on('data', (chunk) => (said += chunk))
    const code = await new Promise((resolve) => shell.once('close', resolve))
    assert.deepEqual([code, said], [0, ''])
  })

  it('is what `npx belfry` runs, in the directory of whoever calls', async () => {
    const launcher = spawn(process.execPath, [path.join(import.meta.dirname, 'belfry.mjs'), 'objects', 'import'], {
      cwd: '/',
      env: { PATH: process.env.PATH },
    })
    let said = ''
    launcher.stderr.on('data', (chunk) => (said += chunk))
    const code = await new Promise((resolve) => launcher.once('close', resolve))
    assert.deepEqual([code, said], [2, "missing required argument 'file'\n"])
  })
})
