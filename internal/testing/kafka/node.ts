import { execFile } from 'node:child_process'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { waitFor } from '../wait-for.ts'
import { kafkaJars } from './jars.ts'
import { type Launched, launch } from './launch.ts'

export interface KafkaNode {
  /** As in Kafka's own answers, e.g. as the leader of a partition. */
  id: number
  /** `127.0.0.1:port`, for clients. */
  broker: string
  /** File that it logs to, all its starts one after the other. */
  log: string
  /** Undefined while it does not run. */
  readonly pid: number | undefined
  /** Resolves when the process is gone; at once when it does not run. SIGTERM is a stop in good order. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** Starts it on its data; resolves when it serves. Of three nodes, two have to run for that. */
  start(): Promise<void>
  /** SIGSTOP: its connections stay open and nothing answers. */
  pause(): void
  resume(): void
}

export interface NodeSettings {
  id: number
  broker: string
  directory: string
  /** Broker settings. */
  properties: Record<string, string>
  clusterId: string
  /** More arguments of Kafka's `storage format`. */
  formatArgs: readonly string[]
  heapMb: number
}

// Starts in half the time, on less memory; a broker of tests does not live long enough for more.
const quickStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
const log4j = `-Dlog4j2.configurationFile=${path.join(import.meta.dirname, 'log4j2.properties')}`

/** Prepares the directory of a node; does not start it. */
export async function makeNode(settings: NodeSettings): Promise<KafkaNode> {
  const { id, broker, directory } = settings
  const classPath = await kafkaJars()
  const configuration = path.join(directory, 'server.properties')
  const log = path.join(directory, 'kafka.log')
  await mkdir(directory, { recursive: true })
  const lines = Object.entries({ ...settings.properties, 'log.dirs': path.join(directory, 'data') })
  await writeFile(configuration, lines.map(([key, value]) => `${key}=${value}\n`).join(''), { mode: 0o600 })
  const java = [...quickStart, log4j, '-cp', classPath]
  const format = ['format', '--cluster-id', settings.clusterId, '--config', configuration, ...settings.formatArgs]
  await promisify(execFile)('java', [...java, 'kafka.tools.StorageTool', ...format]).catch(({ stdout, stderr }) => {
    throw new Error(`Kafka node ${id} could not be formatted:\n${lastLines(`${stdout}${stderr}`)}`)
  })
  await writeFile(log, '')

  const command = [`-Xms${settings.heapMb}m`, `-Xmx${settings.heapMb}m`, ...java, 'kafka.Kafka', configuration]
  let running: Launched | undefined
  const signal = (name: NodeJS.Signals) => {
    if (running) process.kill(running.pid, name)
  }
  const kill = async (name: 'SIGKILL' | 'SIGTERM') => {
    const gone = running?.gone
    signal(name)
    // A paused process hears a SIGTERM only when it goes on.
    signal('SIGCONT')
    await gone
  }

  async function start(): Promise<void> {
    if (running) throw new Error(`Kafka node ${id} runs already`)
    const { size } = await stat(log)
    const { pid, gone } = await launch('java', command, log)
    running = { pid, gone: gone.then(() => (running = undefined)) }
    const output = async () => (await readFile(log)).subarray(size).toString()
    const serves = async () => {
      // The log is long, and the processor is Kafka's now.
      await delay(50)
      return !running || (await output()).includes('Kafka Server started')
    }
    try {
      await waitFor(serves, { what: `Kafka node ${id} to start`, timeoutMs: 90_000 })
      if (!running) throw new Error(`Kafka node ${id} ended:\n${lastLines(await output())}`)
    } catch (error) {
      await kill('SIGKILL')
      throw error
    }
  }

  return {
    id,
    broker,
    log,
    get pid() {
      return running?.pid
    },
    kill,
    start,
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
  }
}

function lastLines(output: string): string {
  return output.trimEnd().split('\n').slice(-15).join('\n')
}
