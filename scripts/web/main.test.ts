import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { waitFor } from '#internal/testing/wait-for'

const building = 'Building the user interface...\n'
const repository = path.resolve(import.meta.dirname, '../..')
/** Vite asks for nothing but a page. */
const config = `export default { root: import.meta.dirname }`
/** Says that it has begun, and then does not end. */
const endless = `import { writeFileSync } from 'node:fs'
const plugin = { name: 'endless', buildEnd() { writeFileSync('begun', ''); return new Promise((r) => setTimeout(r, 1e6)) } }
export default { root: import.meta.dirname, plugins: [plugin] }`

describe('scripts/web/main.mjs', () => {
  let root: string
  const write = (file: string, text: string) => writeFile(path.join(root, file), text)
  const read = (file: string) => readFile(path.join(root, file), 'utf8')
  const script = () => path.join(root, 'scripts/web/main.mjs')

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'belfry-test-web-'))
    await chmod(root, 0o755)
    for (const directory of ['scripts/setup', 'cmd/web/testing', 'internal/client'])
      await mkdir(path.join(root, directory), { recursive: true })
    for (const file of [
      'scripts/web/main.mjs',
      'scripts/web/build.mjs',
      'scripts/web/stamp.mjs',
      'scripts/setup/lock.mjs',
    ])
      await cp(path.join(repository, file), path.join(root, file))
    await symlink(path.join(repository, 'node_modules'), path.join(root, 'node_modules'))
    await write('package.json', '{"type":"module"}')
    await write('package-lock.json', '{}')
    await write('tsconfig.json', '{}')
    await write('cmd/web/vite.config.ts', config)
    await write('cmd/web/index.html', '<title>first</title>')
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  const run = (user: { uid?: number } = {}) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      execFile(process.execPath, [script()], { cwd: root, ...user }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
      )
    })
  const page = async () => /<title>(.*)<\/title>/.exec(await read('dist/web/index.html'))?.[1]
  const made = async () => (await stat(path.join(root, 'dist/web'))).ino

  it('builds once, and is silent and leaves all as it is from then on', async () => {
    assert.deepEqual(await run(), { code: 0, output: building })
    assert.equal(await page(), 'first')
    const before = await made()
    assert.deepEqual(await run(), { code: 0, output: '' })
    assert.equal(await made(), before)
    assert.deepEqual(await readdir(path.join(root, 'dist')), ['web'])
  })

  it('builds again when a source has changed, or a new one is there, or one is gone', async () => {
    await run()
    await write('cmd/web/index.html', '<title>second</title>')
    assert.equal((await run()).output, building)
    assert.equal(await page(), 'second')
    for (const file of ['internal/client/index.ts', 'package-lock.json', 'cmd/web/vite.config.ts', 'cmd/web/new.ts']) {
      await write(file, '// new\nexport default { root: import.meta.dirname }')
      assert.equal((await run()).output, building, file)
    }
    await rm(path.join(root, 'cmd/web/new.ts'))
    assert.equal((await run()).output, building)
  })

  it('does not build again for tests', async () => {
    await run()
    await write('cmd/web/smoke.test.ts', 'new')
    await write('cmd/web/testing/browser.ts', 'new')
    assert.deepEqual(await run(), { code: 0, output: '' })
  })

  it('leaves the one before in place when it is interrupted, and builds the next time', async () => {
    await run()
    await write('cmd/web/index.html', '<title>second</title>')
    await write('cmd/web/vite.config.ts', endless)
    const child = spawn(process.execPath, [script()], { cwd: root, stdio: 'ignore' })
    await waitFor(
      () =>
        stat(path.join(root, 'begun')).then(
          () => true,
          () => false,
        ),
      { what: 'the build to have begun' },
    )
    await kill(child)
    assert.equal(await page(), 'first')
    await write('cmd/web/vite.config.ts', config)
    assert.equal((await run()).output, building)
    assert.equal(await page(), 'second')
    assert.deepEqual(await readdir(path.join(root, 'dist')), ['web'])
  })

  it('lets one of several build and the others wait', async () => {
    const results = await Promise.all([run(), run(), run()])
    assert.deepEqual(
      results.map(({ code }) => code),
      [0, 0, 0],
    )
    assert.equal(results.filter(({ output }) => output.includes(building)).length, 1)
    assert.equal(await page(), 'first')
  })

  it('ends with what is wrong with a source, and leaves the one before in place', async () => {
    await run()
    await write('cmd/web/index.html', '<title>second</title><script type="module" src="/main.ts"></script>')
    await write('cmd/web/main.ts', 'const half =')
    const { code, output } = await run()
    assert.equal(code, 1)
    assert.match(output, /cmd\/web\/main\.ts:1:13[\s\S]*could not be built; the reason is above\.\n$/)
    assert.equal(await page(), 'first')
    assert.equal((await run()).code, 1)
  })

  it('says so in one line, and goes on, where nothing may be written', async () => {
    const user = await whoMayNotWrite()
    assert.match(
      (await run(user)).output,
      /^The user interface cannot be built here, there will be none: EACCES: .*\n$/,
    )
    assert.equal((await run(user)).code, 0)
  })

  it('says that an older one is used, where nothing may be written', async () => {
    await run()
    await write('cmd/web/index.html', '<title>second</title>')
    const user = await whoMayNotWrite()
    const { code, output } = await run(user)
    assert.equal(code, 0)
    assert.match(output, /^The user interface cannot be built here, an older one is used: EACCES: .*\n$/)
    assert.equal(await page(), 'first')
  })

  /** Takes the rights away; root, who has them all the same, becomes somebody else. */
  async function whoMayNotWrite(): Promise<{ uid?: number }> {
    for (const directory of ['.', 'dist']) await chmod(path.join(root, directory), 0o555).catch(() => undefined)
    return process.getuid!() === 0 ? { uid: 65534 } : {}
  }
})

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGKILL')
  await ended
}
