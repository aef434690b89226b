import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'

export interface Launched {
  pid: number
  /** Resolves when it has ended. */
  gone: Promise<unknown>
}

/**
 * Starts a program that Ctrl-C does not reach but that is killed when this process is gone, however that went.
 * @param log file to which its output is added.
 * @throws the system's error when there is no such program.
 */
export async function launch(program: string, args: readonly string[], log: string): Promise<Launched> {
  const file = openSync(log, 'a')
  const child = spawn(program, args, { detached: true, stdio: ['ignore', file, file] })
  closeSync(file)
  if (child.pid === undefined) throw (await once(child, 'error'))[0]
  // No wait before this: we could be killed in it. `read` ends when the other end of its pipe does, and that is this process.
  const script = ['-c', 'read -r _; kill -KILL "$1"', 'sh', String(child.pid)]
  const watchdog = spawn('/bin/sh', script, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  const gone = once(child, 'exit').finally(() => watchdog.kill('SIGKILL'))
  return { pid: child.pid, gone }
}
