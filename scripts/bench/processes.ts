import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning']

/** Every process of the bench, so that all of them end with it. */
export class Processes {
  readonly #running = new Set<ChildProcess>()

  /** Runs a TypeScript file of the project. */
  start(file: string, nodeFlags: string[], options: SpawnOptions): ChildProcess {
    const child = spawn(process.execPath, [...flags, ...nodeFlags, path.join(root, file)], { cwd: root, ...options })
    this.#running.add(child)
    child.on('exit', () => this.#running.delete(child))
    return child
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#running].map((child) => endProcess(child)))
  }
}

/** Asks the process to stop, and kills it when it has not stopped after 15 seconds. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await ended
  clearTimeout(timer)
}

/** Whether something listens on the port. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => resolve(false))
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
