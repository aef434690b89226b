import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { isAlive } from '#internal/runtime/is-alive'
import { PlainError } from '#internal/runtime/plain-error'
import { cacheDirectory } from '../cache.ts'
import { removeLeftovers } from './leftovers.ts'

/** There is no Kafka to be had on this machine. */
export class KafkaUnavailable extends PlainError {
  constructor(reason: string) {
    super(`${reason}. Set KAFKA_BROKERS, or install Java 17 or newer and Maven.`)
  }
}

const run = promisify(execFile)
const pom = path.join(import.meta.dirname, 'pom.xml')
const tenMinutes = 600_000
let found: Promise<string> | undefined

/**
 * Java's class path of Kafka: the jars in the directory KAFKA_LIBS, else those of a cache that Maven fills once.
 * @throws KafkaUnavailable
 */
export function kafkaJars(): Promise<string> {
  found ??= find()
  return found
}

async function find(): Promise<string> {
  await checkJava()
  const directory = process.env.KAFKA_LIBS || (await cached())
  const jars = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.jar')).sort()
  if (jars.length === 0) throw new KafkaUnavailable(`There are no jars in ${directory}`)
  return jars.map((name) => path.join(directory, name)).join(path.delimiter)
}

async function checkJava(): Promise<void> {
  // It writes its version to stderr. There is a `java` on some systems that only says that there is no Java.
  const { stderr } = await run('java', ['-version']).catch(() => ({ stderr: '' }))
  const [, version, major] = /version "((\d+)[^"]*)"/.exec(stderr) ?? []
  if (version === undefined) throw new KafkaUnavailable('There is no Java on PATH')
  if (Number(major) < 17) throw new KafkaUnavailable(`The Java on PATH is too old (${version})`)
}

/** The directory of this pom.xml's jars. It appears as a whole or not at all, so that test runs can share it. */
async function cached(): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(pom))
    .digest('hex')
  const cache = cacheDirectory()
  const directory = path.join(cache, `kafka-${hash.slice(0, 12)}`)
  if (existsSync(directory)) return directory
  await mkdir(cache, { recursive: true })
  await oneByOne(`${directory}.lock`, async () => {
    if (!existsSync(directory)) await download(directory)
  })
  return directory
}

async function download(directory: string): Promise<void> {
  const prefix = `${directory}.part.`
  await removeLeftovers(path.dirname(directory), path.basename(prefix))
  const part = `${prefix}${process.pid}`
  process.stderr.write("Maven gets the tests' Kafka, about 66 MB, once...\n")
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${part}`]
  try {
    await run('mvn', ['-q', '-B', '-f', pom, ...goal], { timeout: tenMinutes }).catch(explainMaven)
    await rename(part, directory).catch((error) => {
      // Another run was quicker, see oneByOne.
      if (!existsSync(directory)) throw error
    })
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}

function explainMaven(error: { code?: unknown; killed?: boolean; stdout?: string }): never {
  // A number when it ran.
  if (typeof error.code === 'string') throw new KafkaUnavailable('There is no Maven (mvn) on PATH')
  // The first line has the cause, those after it advice on Maven.
  const said = error.killed ? 'not done after 10 minutes' : /^\[ERROR\] (.*)$/m.exec(error.stdout ?? '')?.[1]
  throw new KafkaUnavailable(`Maven did not get Kafka's jars: ${said ?? error}`)
}

/**
 * Runs `work` while no other process does; a lock whose holder was killed is taken over. Two that take it over in the same
 * instant can both have it: that costs a second download, nothing else.
 */
async function oneByOne(lock: string, work: () => Promise<void>): Promise<void> {
  while (!(await take(lock))) {
    // When it is gone by now, as good as held: look again.
    const holder = Number(await readlink(lock).catch(() => process.pid))
    if (!isAlive(holder)) await rm(lock, { force: true })
    else await delay(100)
  }
  try {
    await work()
  } finally {
    await rm(lock, { force: true })
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    // A link that leads nowhere: unlike a file it has its content from the start.
    await symlink(String(process.pid), lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
