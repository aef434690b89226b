import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { build } from 'vite'
import { temporaryDirectory } from '#internal/testing/directory'
import config from '../vite.config.ts'

describe('the build of the user interface', () => {
  let root: string
  let remove: () => Promise<void>
  // Vite sets it, for the whole process.
  const { NODE_ENV } = process.env
  after(() => {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
  })
  beforeEach(async () => {
    const made = await temporaryDirectory()
    root = made.directory
    remove = made.remove
    await symlink(path.resolve(import.meta.dirname, '../../../node_modules'), path.join(root, 'node_modules'))
  })
  afterEach(() => remove())

  /** Builds a page whose script is this text, with the settings of the real one. Returns the names of the files that were made. */
  async function buildPage(script: string): Promise<string[]> {
    await writeFile(path.join(root, 'index.html'), '<!doctype html><script type="module" src="/main.js"></script>')
    await writeFile(path.join(root, 'main.js'), script)
    const outDir = path.join(root, 'out')
    await build({
      ...config,
      root,
      configFile: false,
      logLevel: 'silent',
      build: { ...config.build, outDir, emptyOutDir: true },
    })
    const entries = await readdir(outDir, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((one) => path.relative(outDir, path.join(one.parentPath, one.name)))
  }
  const output = (file: string) => readFile(path.join(root, 'out', file))
  /** 300 kB that do not compress to less than 200. */
  const large = () => `export const large = '${randomBytes(200_000).toString('base64')}'\nconsole.log(large)`

  it('brings the data of the emoji and, of the fonts, the Latin ones', async () => {
    const files = await buildPage(`import '@fontsource-variable/inter/wght.css'`)
    assert.ok(files.includes('emoji/en/data.json') && files.includes('emoji/en/messages.json'))
    const fonts = files.filter((file) => file.endsWith('.woff2'))
    assert.deepEqual(fonts.map((file) => file.replace(/-[^-]*$/, '')).sort(), [
      'assets/inter-latin-ext-wght-normal',
      'assets/inter-latin-wght-normal',
    ])
  })

  it('puts beside each text what it is compressed, and leaves fonts alone', async () => {
    const files = await buildPage(`import '@fontsource-variable/inter/wght.css'\nconsole.log('${'long '.repeat(200)}')`)
    const texts = files.filter((file) => /\.(js|css|json)$/.test(file))
    assert.equal(texts.length, 4)
    for (const file of texts) {
      assert.deepEqual(brotliDecompressSync(await output(`${file}.br`)), await output(file))
      assert.deepEqual(gunzipSync(await output(`${file}.gz`)), await output(file))
    }
    assert.ok(!files.some((file) => /\.woff2\.(br|gz)$/.test(file)))
  })

  it('has nothing inline that the Content-Security-Policy forbids', async () => {
    await mkdir(path.join(root, 'lazy'))
    await writeFile(path.join(root, 'lazy/lazy.js'), `import './lazy.css'\nconsole.log('lazy')`)
    await writeFile(path.join(root, 'lazy/lazy.css'), `body { background: url('./dot.svg') }`)
    await writeFile(path.join(root, 'lazy/dot.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    const files = await buildPage(`import('./lazy/lazy.js')`)
    assert.match(
      String(await output('index.html')),
      /^<!doctype html>\s*<script type="module" crossorigin src="[^"]+"><\/script>\s*$/,
    )
    assert.ok(files.some((file) => /dot-.*\.svg$/.test(file)))
  })

  it('fails when the first load takes too much script, and says of which file', async () => {
    await writeFile(path.join(root, 'large.js'), large())
    await assert.rejects(
      buildPage(`import './large.js'`),
      /takes 2\d\d\.\d kB of script, gzipped, of at most 195: .* kB assets\/index-/,
    )
  })

  it('does not count what is loaded lazily', async () => {
    await writeFile(path.join(root, 'large.js'), large())
    assert.ok((await buildPage(`import('./large.js')`)).some((file) => /assets\/large-.*\.js$/.test(file)))
  })
})
