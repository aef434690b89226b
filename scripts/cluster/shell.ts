import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface ShellOptions {
  /** Written to standard input. */
  input?: string
  /** Milliseconds after which the program is ended. */
  timeoutMs?: number
  cwd?: string
  /** Besides what this process has. */
  env?: Record<string, string>
}

/** Standard output of a program. @throws Error with the last lines that it said */
export async function sh(program: string, args: string[], { input, timeoutMs = 120_000, cwd, env }: ShellOptions = {}) {
  const settings = { timeout: timeoutMs, maxBuffer: 64_000_000, ...(cwd && { cwd }), env: { ...process.env, ...env } }
  const running = run(program, args, settings)
  if (input !== undefined) running.child.stdin!.end(input)
  try {
    return (await running).stdout
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string }
    const said = `${stdout ?? ''}${stderr ?? ''}`.trimEnd().split('\n').slice(-40).join('\n')
    throw new Error(`${program} ${args.slice(0, 4).join(' ')} failed: ${said || message}`)
  }
}

/** Whether the program is there. */
export const has = (program: string): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn(program, ['version'], { stdio: 'ignore' })
    child.on('error', () => resolve(false))
    child.on('exit', () => resolve(true))
  })
