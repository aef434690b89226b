import { execFile } from 'node:child_process'

export interface Result {
  code: number
  stdout: string
  stderr: string
}

export interface RunOptions {
  input?: string
  cwd?: string
  env?: Readonly<Record<string, string>>
}

/** Runs a program to its end, whatever its exit code. @throws when it cannot be started. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
  const { input, cwd, env } = options
  const settings = {
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  }
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, settings, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error)
      else resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
    // It may end before it has read everything.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input ?? '')
  })
}

/** The same for a program that must succeed. Resolves with what it printed. @throws with what it said. */
export async function need(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${(stderr + stdout).trim()}`)
  return stdout
}
