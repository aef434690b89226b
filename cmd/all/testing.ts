import assert from 'node:assert/strict'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { type Child, runChild } from '#internal/testing/child'
import { waitFor } from '#internal/testing/wait-for'

/** One role as a process of its own. */
export interface Role {
  name: 'api' | 'worker' | 'push'
  child: Child
  /** Addresses of /readyz and /metrics, and of what clients use; a worker has none of the latter. */
  internal: string
  base: string
}

/** What its /readyz answers: `200 ready`, or `503 not ready: ` and why; '' while it does not listen. */
async function readiness({ internal }: Role): Promise<string> {
  try {
    const response = await fetch(`${internal}/readyz`)
    return `${response.status} ${(await response.text()).trimEnd()}`
  } catch {
    return ''
  }
}

export const isReady = async (role: Role): Promise<boolean> => (await readiness(role)) === '200 ready'

/** Value of a metric by its full name with labels, e.g. `up{a="b"}`, or the sum of all that begin so; 0 when it is not there. */
export async function metric({ internal }: Role, name: string): Promise<number> {
  const text = await (await fetch(`${internal}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line.startsWith(name))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

/** Runs a program of the product, by its path in `cmd`. */
export const runProgram = (file: string, args: readonly string[], env: NodeJS.ProcessEnv): Child =>
  runChild(path.resolve(import.meta.dirname, '..', file), args, env)

/** Starts and stops roles on one database, all with the same settings, and knows each that ever ran. */
export class Roles {
  readonly all: Role[] = []
  readonly env: Record<string, string>

  /** @param more settings besides those that every test needs */
  constructor(databaseUrl: string, more: Record<string, string> = {}) {
    this.env = {
      PATH: process.env.PATH ?? '',
      BELFRY_DATABASE_URL: databaseUrl,
      BELFRY_JWT_SECRET: 'the same secret for all processes, of course',
      BELFRY_HOST: '127.0.0.1',
      BELFRY_LOG_LEVEL: 'warn',
      BELFRY_DRAIN_SECONDS: '0',
      BELFRY_RATE_LIMIT_PER_MINUTE: '0',
      BELFRY_RATE_LIMIT_ADDRESS_PER_MINUTE: '0',
      ...more,
    }
  }

  /** Starts one. Resolves when its /readyz says so. */
  async start(name: Role['name'], says = '200 ready'): Promise<Role> {
    const [port, internalPort] = [await findFreePort(), await findFreePort()]
    const child = runProgram(`${name}/main.ts`, [], {
      ...this.env,
      BELFRY_INTERNAL_PORT: String(internalPort),
      [name === 'push' ? 'BELFRY_PUSH_PORT' : 'BELFRY_PORT']: String(port),
    })
    const role = { name, child, internal: `http://127.0.0.1:${internalPort}`, base: `http://127.0.0.1:${port}` }
    this.all.push(role)
    const answers = async () => {
      // Each look costs a new connection, and the processor is what it waits for.
      await delay(20)
      return (await readiness(role)) === says
    }
    await waitFor(answers, { timeoutMs: 60_000, what: `"${says}" from ${name}` }).catch((error) => {
      throw new Error(`${error.message}: ${child.stdout}${child.stderr}`)
    })
    return role
  }

  /** SIGTERM. Resolves with how long it took to end, milliseconds; rejects when it did not end with 0. */
  async stop({ name, child }: Role): Promise<number> {
    const since = performance.now()
    child.process.kill('SIGTERM')
    const code = await child.ended
    assert.equal(code, 0, `${name}: ${child.stdout}${child.stderr}`)
    return performance.now() - since
  }

  async kill({ child }: Role): Promise<void> {
    child.process.kill('SIGKILL')
    await child.ended
  }

  async killAll(): Promise<void> {
    await Promise.all(this.all.map((role) => this.kill(role)))
  }

  /** What was logged as an error so far, by all that ran. */
  errors(): string[] {
    return this.all.flatMap(({ name, child }) =>
      `${child.stdout}${child.stderr}`
        .split('\n')
        .filter((line) => line !== '' && !/"level":"(debug|info|warn)"/.test(line))
        .map((line) => `${name}: ${line}`),
    )
  }
}
