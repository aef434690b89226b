import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runChild } from '../child.ts'
import { temporaryDirectory } from '../directory.ts'

// With stand-ins for java and mvn: this is about what happens where they are missing, old, failing or slow.
describe('the jars of Kafka', () => {
  let directory: string
  let remove: () => Promise<void>

  beforeEach(async () => {
    const made = await temporaryDirectory()
    directory = made.directory
    remove = made.remove
    await mkdir(path.join(directory, 'bin'))
  })

  afterEach(() => remove())

  const program = (name: string, script: string) =>
    writeFile(path.join(directory, 'bin', name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`, { mode: 0o755 })
  const java = (version: string) => program('java', `echo 'openjdk version "${version}" 2025-04-15' >&2`)
  // Its last argument names the directory to fill.
  const maven = () =>
    program(
      'mvn',
      `echo run >> ${directory}/runs; for out; do :; done; mkdir "\${out#*=}"; sleep 0.5; echo > "\${out#*=}/a.jar"`,
    )

  /** The class path, or the error. */
  async function ask(more: NodeJS.ProcessEnv = {}): Promise<string> {
    const env = { PATH: path.join(directory, 'bin'), XDG_CACHE_HOME: path.join(directory, 'cache'), ...more }
    const child = runChild(path.join(import.meta.dirname, 'jars-child.ts'), [], env)
    assert.equal(await child.ended, 0, child.stderr)
    return child.stdout
  }
  const cache = () => readdir(path.join(directory, 'cache/belfry'))
  const fails = async (reason: string, more?: NodeJS.ProcessEnv) =>
    assert.equal(await ask(more), `${reason}. Set KAFKA_BROKERS, or install Java 17 or newer and Maven.`)

  it('need Java', () => fails('There is no Java on PATH'))

  it('need a Java that is more than a sign at the door', async () => {
    await program('java', 'echo "Unable to locate a Java Runtime." >&2; exit 1')
    await fails('There is no Java on PATH')
  })

  for (const version of ['11.0.2', '1.8.0_392']) {
    it(`need a newer Java than ${version}`, async () => {
      await java(version)
      await fails(`The Java on PATH is too old (${version})`)
    })
  }

  it('need Maven', async () => {
    await java('17.0.15')
    await fails('There is no Maven (mvn) on PATH')
  })

  it('come from KAFKA_LIBS without Maven', async () => {
    await java('17.0.15')
    await writeFile(path.join(directory, 'b.jar'), '')
    await writeFile(path.join(directory, 'a.jar'), '')
    assert.equal(await ask({ KAFKA_LIBS: directory }), `${directory}/a.jar:${directory}/b.jar`)
    await fails(`There are no jars in ${directory}/bin`, { KAFKA_LIBS: path.join(directory, 'bin') })
  })

  it('leave nothing when Maven fails, and say why it did', async () => {
    await java('21')
    const said = 'echo "[ERROR] no route to it"; echo "[ERROR] -> [Help 1]"'
    await program('mvn', `for out; do :; done; mkdir "\${out#*=}"; ${said}; exit 1`)
    await fails("Maven did not get Kafka's jars: no route to it")
    assert.deepEqual(await cache(), [])
  })

  it('are fetched once by runs that start together, and are there for the next', async () => {
    await java('17.0.15')
    await maven()
    const answers = await Promise.all([ask(), ask(), ask()])
    const [name] = await cache()
    assert.deepEqual(await cache(), [name])
    assert.deepEqual(new Set(answers), new Set([path.join(directory, 'cache/belfry', name!, 'a.jar')]))
    assert.equal(await ask(), answers[0])
    assert.equal(await readFile(path.join(directory, 'runs'), 'utf8'), 'run\n')
  })

  it('are fetched although a run was killed while it did', async () => {
    await java('17.0.15')
    await maven()
    const jar = await ask()
    // Above what Linux gives out.
    const [base, gone] = [path.dirname(jar), 2 ** 22 + 1]
    await mkdir(`${base}.part.${gone}`)
    await symlink(String(gone), `${base}.lock`)
    await rm(base, { recursive: true })
    assert.equal(await ask(), jar)
    assert.deepEqual(await cache(), [path.basename(base)])
  })
})
