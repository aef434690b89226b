import type { HttpLoad } from '../clients/http-load.ts'
import type { Swarm } from '../clients/swarm.ts'
import { cpuSeconds } from '../proc-fs.ts'
import type { Remote } from '../remote.ts'
import { eventData } from '../rivals/event-frame.ts'
import { seed } from '../seed.ts'
import type { Database, Role, Workbench } from '../workbench.ts'
import { putIntoOutbox } from './fan-out-servers.ts'

export interface SpreadRound {
  /** Milliseconds from each POST to the last of all sockets. */
  toLast: number[]
  /** Messages delivered per second by all push processes together, and their CPU seconds per million. */
  perSecond: number
  cpuPerMillion: number
}

export interface SpreadOptions {
  processes: number
  /** Of all processes together. */
  sockets: number
  /** POSTs, one at a time. */
  alerts: number
  /** Events of 1 KB, as fast as the sockets take them. */
  events: number
}

// As many whatever the number of push processes, so that clients cost the same.
const programs = 4
// Events in one portion, and portions under way.
const portion = 50
const underWay = 3

/** Dispatchers' streams on push processes of their own, behind an api and a worker. Ends all of them. */
export async function runSpreadRound(
  workbench: Workbench,
  database: Database,
  { processes, sockets, alerts, events }: SpreadOptions,
): Promise<SpreadRound> {
  await seedOnce(database)
  await workbench.role('worker', database)
  const api = await workbench.role('api', database)
  const pushes: Role[] = []
  while (pushes.length < processes) pushes.push(await workbench.role('push', database))
  const crowd = await Crowd.open(workbench, pushes, sockets / programs)
  const http = workbench.program<HttpLoad>('clients/http-load.ts')

  const put = (count: number) =>
    database.db.raw(putIntoOutbox, { count, scope: 'alerts', data: JSON.stringify(eventData) })
  const flood = async (count: number) => {
    await crowd.count()
    for (let done = 0; done < count; done += portion) {
      await crowd.got(done - (underWay - 1) * portion)
      await put(portion)
    }
    await crowd.got(count)
  }
  await flood(4 * portion)
  const cpu = () => pushes.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0)
  const [before, start] = [cpu(), performance.now()]
  await flood(events)
  const seconds = (performance.now() - start) / 1000
  const spent = cpu() - before

  const toLast: number[] = []
  await crowd.count()
  while (toLast.length < alerts) {
    await crowd.time()
    await http.ask('openLoop', { port: api.port, requests: { kind: 'to-all' }, clients: 1, rate: 1, seconds: 1 })
    await crowd.got(toLast.length + 1)
    toLast.push(await crowd.slowest())
  }
  await workbench.endProcesses()
  const delivered = events * sockets
  return { toLast, perSecond: delivered / seconds, cpuPerMillion: spent / (delivered / 1e6) }
}

async function seedOnce({ db }: Database): Promise<void> {
  if (!(await db('objects').first('id'))) await seed(db, { objects: 1, tokens: false })
}

/** The sockets, as many in each of several programs, which are spread evenly over the push processes. */
class Crowd {
  readonly #swarms: Remote<Swarm>[]
  readonly #each: number
  #received: number[] = []
  #onReceived = () => {}

  static async open(workbench: Workbench, pushes: Role[], each: number): Promise<Crowd> {
    const swarms = Array.from({ length: programs }, () => workbench.program<Swarm>('clients/swarm.ts'))
    await Promise.all(
      swarms.map((swarm, i) =>
        swarm.ask('open', {
          ...{ port: pushes[i % pushes.length]!.port, protocol: 'stream', first: 1, count: each, cursor: 0 },
          ...{ source: `127.0.0.${2 + i}`, inFlight: 50, resume: false },
        }),
      ),
    )
    return new Crowd(swarms, each)
  }

  private constructor(swarms: Remote<Swarm>[], each: number) {
    this.#swarms = swarms
    this.#each = each
    for (const [i, swarm] of swarms.entries())
      swarm.on<number>('received', (total) => {
        this.#received[i] = total
        this.#onReceived()
      })
  }

  /** Counts events from here on. */
  async count(): Promise<void> {
    this.#received = this.#swarms.map(() => 0)
    await Promise.all(this.#swarms.map((swarm) => swarm.ask('count', { every: this.#each })))
  }

  /** Resolves when all have got so many events. */
  async got(events: number): Promise<void> {
    while (Math.min(...this.#received) < events * this.#each)
      await new Promise<void>((resolve) => {
        this.#onReceived = resolve
      })
  }

  /** Notes from here on how long each event takes. */
  async time(): Promise<void> {
    await Promise.all(this.#swarms.map((swarm) => swarm.ask('time', {})))
  }

  /** The longest time that an event took to a socket, milliseconds. */
  async slowest(): Promise<number> {
    const all = await Promise.all(this.#swarms.map((swarm) => swarm.ask('latencies', {})))
    return Math.max(...all.flat())
  }
}
