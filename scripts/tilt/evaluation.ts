import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const source = path.join(import.meta.dirname, 'evaluate')

// biome-ignore lint/suspicious/noExplicitAny: every function has other parameters
type Arguments = Record<string, any>

export interface Call {
  function: string
  arguments: Arguments
}

export interface Evaluation {
  calls: Call[]
  /** Tilt's names of workloads, by KIND/NAME in lower case. */
  resources: Record<string, string>
}

/** Builds the interpreter; `evaluate` runs a Tiltfile with it. @throws what Go says, or the interpreter */
export async function buildEvaluator() {
  const directory = await mkdtemp(path.join(tmpdir(), 'belfry-tilt-'))
  const program = path.join(directory, 'evaluate')
  await run('go', ['build', '-o', program, '.'], { cwd: source })
  return {
    async evaluate(tiltfile: string, workloads: string[] = []): Promise<Evaluation> {
      const { stdout } = await run(program, [tiltfile, ...workloads], { maxBuffer: 16_000_000 })
      return JSON.parse(stdout)
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}
