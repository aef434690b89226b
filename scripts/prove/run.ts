import { rm } from 'node:fs/promises'
import { temporaryDirectory } from '#internal/testing/directory'
import { Processes } from '../bench/processes.ts'
import { judge } from './judge/judge.ts'
import { load } from './load.ts'
import type { Options } from './options.ts'
import { Random } from './random.ts'
import type { Report } from './report.ts'
import { Findings } from './system/findings.ts'
import { startSystem } from './system/system.ts'
import { makeWorld } from './world/world.ts'

/**
 * Starts everything, lets it be written to, followed and harmed, and reconciles. What is wrong is in the report's findings.
 * @throws when it cannot come to an end, or is stopped by a signal; nothing is left running then
 */
export async function prove(options: Options, say: (line: string) => void): Promise<Report> {
  const { directory } = await temporaryDirectory()
  say(`seed ${options.seed}; recordings and logs are in ${directory}`)
  const findings = new Findings()
  const processes = new Processes()
  const stopped = Promise.withResolvers<never>()
  const stop = (signal: NodeJS.Signals) => stopped.reject(new Error(`stopped by ${signal}`))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  const system = await startSystem(directory, options.log, findings)
  const steps = async (): Promise<Report> => {
    const { apiPorts, pushPorts, postgres } = system
    const random = new Random(options.seed)
    const place = { startedAt: Date.now(), seed: options.seed, directory, apiPorts, pushPorts }
    const world = await makeWorld(place, random.fork('world'))
    const loaded = await load({ options, world, system, processes, random, findings, say })
    say('reconciling')
    const judged = await judge(world, loaded.followers, postgres.url, findings)
    const seconds = (Date.now() - place.startedAt) / 1000
    return { ...loaded, ...judged, options, findings, seconds, postgres: await postgres.version() }
  }
  try {
    return await Promise.race([stopped.promise, steps()])
  } catch (error) {
    findings.add('broken off', (error as Error).message)
    throw error
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
    await processes.endAll()
    await system.stop()
    if (findings.total === 0) await rm(directory, { recursive: true, force: true })
    else say(`kept for a look: ${directory}`)
  }
}
