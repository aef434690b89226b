import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { migrations } from '#internal/db/migrations/index'
import { testDatabase } from '#internal/testing/database'
import { temporaryDirectory } from '#internal/testing/directory'
import { UsageError } from './failure.ts'
import { makeMigration } from './migration-file.ts'
import { belfry } from './testing.ts'

const root = path.resolve(import.meta.dirname, '../..')
const node = (...args: string[]) => promisify(execFile)(process.execPath, args, { cwd: clone })
let clone: string

describe('belfry migrate new', function () {
  this.timeout(60_000)
  let remove: () => Promise<void>
  const index = () => readFile(path.join(clone, 'internal/db/migrations/index.ts'), 'utf8')
  const make = (name: string) => belfry(['migrate', 'new', name], { main: path.join(clone, 'cmd/cli/main.ts') })

  before(async () => {
    const made = await temporaryDirectory()
    remove = made.remove
    clone = path.join(made.directory, 'clone')
    await mkdir(path.join(clone, 'cmd'), { recursive: true })
    for (const each of ['package.json', 'tsconfig.json', 'biome.json', 'internal', 'cmd/cli'])
      await cp(path.join(root, each), path.join(clone, each), { recursive: true })
    await symlink(path.join(root, 'node_modules'), path.join(clone, 'node_modules'))
  })
  after(() => remove())

  it('makes the next file and lists it, and both are as the linter, the compiler and the migrator want them', async () => {
    const last = Number(migrations.at(-1)!.name.slice(0, 3))
    const next = (n: number) => String(last + n).padStart(3, '0')
    const { code, out, error } = await make('shoe-sizes')
    const file = `internal/db/migrations/${next(1)}-shoe-sizes.ts`
    assert.deepEqual([code, error], [0, ''])
    assert.equal(out, `Made ${file} and listed it in index.ts. \`belfry migrate\` applies it.\n`)
    assert.match(await readFile(path.join(clone, file), 'utf8'), /export const shoeSizes: Migration/)
    // Enough of them that the list has to be broken into lines.
    for (const name of ['colours-of-shoes', 'laces-and-their-lengths', 'soles-of-rubber-and-leather'])
      assert.equal((await make(name)).code, 0)

    const folder = 'internal/db/migrations'
    await node('node_modules/@biomejs/biome/bin/biome', 'check', '--vcs-enabled=false', '--error-on-warnings', folder)
    const extended = { extends: './tsconfig.json', include: [folder] }
    await writeFile(path.join(clone, 'tsconfig.new.json'), JSON.stringify(extended))
    await node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.new.json')

    const { url, drop } = await testDatabase()
    const applied = await belfry(['migrate'], {
      main: path.join(clone, 'cmd/cli/main.ts'),
      env: { BELFRY_DATABASE_URL: url },
    })
    assert.equal(
      applied.out,
      `Applied ${next(1)}-shoe-sizes, ${next(2)}-colours-of-shoes, ${next(3)}-laces-and-their-lengths, ${next(4)}-soles-of-rubber-and-leather.\n`,
      applied.error,
    )
    await drop()
  })

  it('refuses a name that exists, and changes nothing', async () => {
    const before = await index()
    const listed = await make('statuses')
    assert.deepEqual(listed, {
      code: 1,
      out: '',
      error: 'There is a migration "statuses" already. Choose another name.\n',
    })
    const next = String(Math.max(...[...before.matchAll(/\.\/(\d+)-/g)].map(([, n]) => Number(n))) + 1).padStart(3, '0')
    const file = path.join(clone, `internal/db/migrations/${next}-hats.ts`)
    await writeFile(file, '// not listed yet\n')
    const unlisted = await make('hats')
    assert.equal(unlisted.code, 1)
    assert.match(unlisted.error, /-hats\.ts exists already, but index\.ts does not list it\.\n$/)
    assert.equal(await readFile(file, 'utf8'), '// not listed yet\n')
    assert.equal(await index(), before)
  })

  it('refuses what is no name', async () => {
    const { code, error } = await make('../x')
    assert.equal(code, 2)
    assert.match(error, /^"\.\.\/x" is no name of a migration: .*\n$/)
    for (const name of ['Shoe', 'shoe_sizes', '9-lives', 'default', 'migrations', ''])
      await assert.rejects(makeMigration(clone, name), UsageError, name)
  })

  it('says that it needs the sources', () =>
    // A build has none.
    assert.rejects(makeMigration(path.join(clone, 'cmd'), 'hats'), /works in a clone of the repository/))
})
