import { type ChildProcess, spawn } from 'node:child_process'

export interface Child {
  process: ChildProcess
  /** What it wrote so far. */
  stdout: string
  stderr: string
  /** Exit code or signal, when it has ended. */
  ended: Promise<number | NodeJS.Signals>
}

/** Runs a TypeScript file of the product as a process of its own. */
export function runChild(file: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Child {
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning']
  const started = spawn(process.execPath, [...flags, file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const child: Child = {
    process: started,
    stdout: '',
    stderr: '',
    // Comes only when nothing holds the pipes any more: a daemon that did would show.
    ended: new Promise((resolve) => started.once('close', (code, signal) => resolve(code ?? signal ?? 'SIGKILL'))),
  }
  started.stdout.on('data', (chunk) => (child.stdout += chunk))
  started.stderr.on('data', (chunk) => (child.stderr += chunk))
  return child
}
