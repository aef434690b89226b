import { setTimeout as delay } from 'node:timers/promises'
import { type Fault, seconds } from './fault.ts'

export const killPostgres: Fault = async ({ system, random }) => {
  const restMs = random.between(0, 5000)
  await system.postgres.kill()
  await delay(restMs)
  await system.postgres.start()
  return `kill -9 of PostgreSQL, started again after ${seconds(restMs)}`
}

/** PostgreSQL then ends all others and recovers by itself. */
export const killBackend: Fault = async ({ system, random }) => {
  signal([random.pick(await system.postgres.backends())], 'SIGKILL')
  await delay(1000)
  return 'kill -9 of one backend of PostgreSQL'
}

export const pauseBackend: Fault = async ({ system, random }) => {
  const ms = random.between(1000, 20_000)
  const pids = random.sample(await system.postgres.backends(), 3)
  signal(pids, 'SIGSTOP')
  await delay(ms)
  signal(pids, 'SIGCONT')
  return `SIGSTOP of ${pids.length} backends of PostgreSQL for ${seconds(ms)}`
}

export const pausePostgres: Fault = async ({ system, random }) => {
  const ms = random.between(1000, 12_000)
  const pids = await system.postgres.everything()
  signal(pids, 'SIGSTOP')
  await delay(ms)
  signal(pids, 'SIGCONT')
  return `SIGSTOP of PostgreSQL for ${seconds(ms)}`
}

/** Those that have ended meanwhile are left out. */
function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids)
    try {
      process.kill(pid, name)
    } catch {
      // Connections come and go.
    }
}
