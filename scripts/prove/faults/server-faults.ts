import { setTimeout as delay } from 'node:timers/promises'
import type { Server } from '../system/server.ts'
import { type Fault, type FaultTools, seconds } from './fault.ts'

type Role = Server['role']

const anyOf = ({ system, random }: FaultTools, role: Role): Server =>
  random.pick(system.servers.filter((server) => server.role === role))

export const kill =
  (role: Role): Fault =>
  async (tools) => {
    const server = anyOf(tools, role)
    await server.kill()
    const restMs = tools.random.between(0, 3000)
    await delay(restMs)
    server.start()
    await server.ready()
    return `kill -9 of ${server.name}, started again after ${seconds(restMs)}`
  }

export const pause =
  (role: Role): Fault =>
  async (tools) => {
    const server = anyOf(tools, role)
    const ms = tools.random.between(1000, 20_000)
    server.pause()
    await delay(ms)
    server.resume()
    await server.ready()
    return `SIGSTOP of ${server.name} for ${seconds(ms)}`
  }

/** One after the other, as an update does. */
export const roll =
  (role: Role): Fault =>
  async ({ system }) => {
    for (const server of system.servers.filter((each) => each.role === role)) {
      await server.terminate()
      server.start()
      await server.ready()
    }
    return `rolling restart of ${role}`
  }
