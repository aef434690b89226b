import type { Swarm } from '../clients/swarm.ts'
import { cpuSeconds } from '../proc-fs.ts'
import type { Workbench } from '../workbench.ts'
import type { Server } from './fan-out-servers.ts'

export interface Round {
  /** Messages delivered per second. */
  perSecond: number
  /** CPU seconds of the server process per million messages delivered. */
  cpuPerMillion: number
  /** Share of one core that the server used: near 1 means that it was what limited the speed. */
  busy: number
}

// Events in one portion, and portions under way: 150 KB per subscriber wait in buffers.
const portion = 50
const underWay = 3
const warmUpPortions = 4

/** Sends events through one server to new subscribers and ends both. */
export async function runRound(
  workbench: Workbench,
  server: Server,
  subscribers: number,
  events: number,
): Promise<Round> {
  const swarm = workbench.program<Swarm>('clients/swarm.ts')
  let received = 0
  let onReceived = () => {}
  swarm.on<number>('received', (total) => {
    received = total
    onReceived()
  })
  const { port, protocol } = server
  await swarm.ask('open', {
    ...{ port, protocol, first: 1, count: subscribers, cursor: server.firstPosition },
    ...{ source: '127.0.0.1', inFlight: 100, resume: false },
  })
  await swarm.ask('count', { every: (portion * subscribers) / 5 })
  const receivedAtLeast = async (count: number) => {
    while (received < count) await new Promise<void>((resolve) => (onReceived = resolve))
  }

  let put = 0
  const run = async (portions: number) => {
    for (let i = 0; i < portions; i++) {
      await receivedAtLeast((put - (underWay - 1) * portion) * subscribers)
      await server.put(portion)
      put += portion
    }
    await receivedAtLeast(put * subscribers)
  }
  await run(warmUpPortions)
  const [cpu, start, before] = [cpuSeconds(server.pid), performance.now(), received]
  await run(Math.ceil(events / portion))
  const seconds = (performance.now() - start) / 1000
  const spent = cpuSeconds(server.pid) - cpu
  const wrong = await swarm.ask('checkDense', { first: server.firstPosition + 1, last: server.firstPosition + put })
  await workbench.endProcesses()
  if (wrong) throw new Error(wrong)
  return {
    perSecond: (received - before) / seconds,
    cpuPerMillion: spent / ((received - before) / 1e6),
    busy: spent / seconds,
  }
}
