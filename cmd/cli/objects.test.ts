import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PlainError } from '#internal/runtime/plain-error'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { readContacts } from './object-file.ts'
import { belfry, startBelfry } from './testing.ts'

describe('belfry objects', function () {
  this.timeout(120_000)
  let database: TestDatabase
  let directory: string

  beforeEach(async () => {
    database = await testDatabase()
    directory = await mkdtemp(path.join(tmpdir(), 'belfry-test-objects-'))
  })
  afterEach(async () => {
    await database.drop()
    await rm(directory, { recursive: true, force: true })
  })

  const options = (more: object = {}) => ({ env: { BELFRY_DATABASE_URL: database.url }, cwd: directory, ...more })
  const load = async (text: string | Buffer, ...more: string[]) => {
    await writeFile(path.join(directory, 'people.csv'), text)
    return belfry(['objects', 'import', 'people.csv', ...more], options())
  }
  const emails = () => database.db('objects').orderBy('id').pluck('email')
  const directoryRow = () => database.db('object_directory').first('version', 'total')

  it('import makes an object of each row, whatever the spelling of CSV', async () => {
    const csv =
      '\ufeffPhone_Number, email ,name\r\n' +
      '212-555-1234,bob@example.com,"Bob ""the"" Builder"\r\n' +
      '\r\n' +
      '"+49 30 901820","eve@example.com","Eve,\r\nof two lines"\n' +
      '  (718) 555-0000 ,  zoë@example.com,'
    const first = await load(csv)
    assert.equal(first.code, 1)
    assert.equal(
      first.error,
      'Columns that are not used: name.\n' +
        'line 6: email "zoë@example.com" is not an e-mail address\n' +
        'Nothing was imported, for 1 row is bad. Mend the file, or give --skip-bad.\n',
    )
    const { code, out } = await load(csv.replace('zoë', 'zoe'))
    assert.deepEqual([code, out], [0, 'Made 3 objects; 0 were there already; 0 rows were bad.\n'])
    const made = await database.db('objects').orderBy('id').select('email', 'phone_number', 'phone_e164')
    assert.deepEqual(made, [
      { email: 'bob@example.com', phone_number: '212-555-1234', phone_e164: '+12125551234' },
      { email: 'eve@example.com', phone_number: '+49 30 901820', phone_e164: '+4930901820' },
      { email: 'zoe@example.com', phone_number: '(718) 555-0000', phone_e164: '+17185550000' },
    ])
    assert.deepEqual(await directoryRow(), { version: 1, total: 3 })
  })

  const mixed = 'email,phone_number\na@example.com,212-555-1234\nnobody,212-555-1234\nb@example.com,12\nc@example.com\n'

  it('import tells each bad row and takes nothing, or with --skip-bad the others', async () => {
    const none = await load(mixed)
    assert.deepEqual([none.code, none.out], [1, ''])
    const rows =
      'line 3: email "nobody" is not an e-mail address\n' +
      'line 4: phone_number "12" is not a phone number\n' +
      'line 5: has 1 fields, and the header 2\n'
    assert.equal(none.error, `${rows}Nothing was imported, for 3 rows are bad. Mend the file, or give --skip-bad.\n`)
    assert.deepEqual(await emails(), [])
    assert.deepEqual(await directoryRow(), { version: 0, total: 0 })
    const some = await load(mixed, '--skip-bad', '--json')
    assert.deepEqual(some, { code: 0, out: '{"created":1,"duplicates":0,"bad":3}\n', error: rows })
    assert.deepEqual(await emails(), ['a@example.com'])
  })

  it('import reads standard input, and adds nothing the second time', async () => {
    const input =
      'email,phone_number\na@example.com,212-555-1234\nA@example.com,+1 212 555 1234\na@example.com,212-555-1235\n'
    const run = () => belfry(['objects', 'import', '-'], options({ input }))
    assert.equal((await run()).out, 'Made 2 objects; 1 were there already; 0 rows were bad.\n')
    assert.equal((await run()).out, 'Made 0 objects; 3 were there already; 0 rows were bad.\n')
    assert.deepEqual(await directoryRow(), { version: 1, total: 2 })
    // A removed object is none: the directory has forgotten who it was.
    await database.db('objects').where({ id: 1 }).update({ removed_version: 2, email: null, phone_e164: null })
    assert.equal((await run()).out, 'Made 1 objects; 2 were there already; 0 rows were bad.\n')
  })

  it('import reads phone numbers as those of BELFRY_PHONE_COUNTRY', async () => {
    const input = 'email,phone_number\na@example.com,030 901820\n'
    const env = { BELFRY_DATABASE_URL: database.url, BELFRY_PHONE_COUNTRY: 'DE' }
    assert.equal((await belfry(['objects', 'import', '-'], { env, input })).code, 0)
    assert.deepEqual(await database.db('objects').pluck('phone_e164'), ['+4930901820'])
  })

  const unusable: Record<string, [text: string, line: RegExp]> = {
    'is empty': ['', /^The file is empty/],
    'has no header': [
      'a@example.com,212-555-1234\n',
      /^The first line must name the columns email and phone_number once/,
    ],
    'has another separator': [
      'email;phone_number\na@example.com;1\n',
      /with commas between; it is: email;phone_number$/,
    ],
    'names a column twice': ['email,email,phone_number\n', /^The first line must name/],
    'has a quote that is not closed': [
      'email,phone_number\n"a@example.com,212\n',
      /^Nothing was imported\. Quote Not Closed/,
    ],
    'has a quote that swallows it': [
      `email,phone_number\n"a${',212\n'.repeat(20_000)}`,
      /^Nothing was imported\. Max Record Size/,
    ],
  }
  it('import says in one line why a file cannot be used', async () => {
    for (const [what, [text, line]] of Object.entries(unusable)) {
      const file = path.join(directory, 'bad.csv')
      await writeFile(file, text)
      const read = async () => {
        for await (const _ of readContacts({ file, country: 'US', skipBad: true, onBad() {}, onIgnored() {} }));
      }
      await assert.rejects(read, (error: Error) => error instanceof PlainError && line.test(error.message), what)
    }
    const { code, out, error } = await load('email,phone_number\n"a@example.com,212\n', '--skip-bad')
    assert.deepEqual([code, out], [1, ''])
    assert.match(error, /^Nothing was imported\. Quote Not Closed: .*\n$/)
    const missing = await belfry(['objects', 'import', 'nobody.csv'], options())
    assert.deepEqual([missing.code, missing.error], [1, `There is no file ${path.join(directory, 'nobody.csv')}.\n`])
    const folder = await belfry(['objects', 'import', '.'], options())
    assert.match(folder.error, /cannot be read: EISDIR.*\n$/)
  })

  it('import takes 100,000 rows in the memory that 1,000 take', async () => {
    const row = (n: number) => `person${n}@example.com,212-555-${String(n % 10_000).padStart(4, '0')}\n`
    const peakMb = async (rows: number) => {
      const input = `email,phone_number\n${Array.from({ length: rows }, (_, n) => row(n)).join('')}`
      const running = startBelfry(['objects', 'import', '-'], options({ input }))
      let peak = 0
      const watch = async () => {
        const status = await readFile(`/proc/${running.process.pid}/status`, 'utf8').catch(() => '')
        peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))
        return running.process.exitCode !== null
      }
      await waitFor(watch, { what: 'the end of the import', timeoutMs: 100_000 })
      assert.equal(await running.ended, 0, running.error)
      return peak / 1024
    }
    const few = await peakMb(1000)
    const many = await peakMb(100_000)
    assert.equal((await directoryRow()).total, 100_000)
    assert.ok(many < few + 100, `${few} MB for 1,000, ${many} MB for 100,000`)
  })

  it('list shows all, as a table and as JSON lines', async () => {
    await database.db.raw(`
      insert into objects (email, phone_number, phone_e164, created_at, created_version)
      select 'p' || n || '@example.com', '212', '+12125551234', now(), n from generate_series(1, 2001) n`)
    await database.db('objects').where({ id: 7 }).update({ removed_version: 3000, email: null })
    const table = (await belfry(['objects', 'list'], options())).out.trimEnd().split('\n')
    assert.match(table[0]!, /^ID +EMAIL +PHONE +CREATED$/)
    assert.match(table[1]!, /^1 +p1@example\.com +\+12125551234 +2\S+Z$/)
    assert.equal(table.length, 2001)
    const lines = (await belfry(['objects', 'list', '--json'], options())).out.trimEnd().split('\n')
    assert.equal(new Set(lines.map((line) => JSON.parse(line).id)).size, 2000)
  })
})
