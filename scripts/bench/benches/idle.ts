import { setTimeout as delay } from 'node:timers/promises'
import type { Swarm } from '../clients/swarm.ts'
import { fileLimit, residentKb } from '../proc-fs.ts'
import { seed } from '../seed.ts'
import { round } from '../stats.ts'
import type { Row } from '../table.ts'
import type { Role, Workbench } from '../workbench.ts'

const growthBar = 4
const allInBar = 8
const allInSockets = 50_000
const perProgram = 10_000

/**
 * What idle sockets cost one push process in resident memory: inboxes of as many objects, each with its own token and scope. Each
 * socket is an open file of the push process, so the system's limit may allow fewer; then what is not reached is not claimed.
 */
export async function idle(workbench: Workbench): Promise<Row[]> {
  const wanted = workbench.quick ? [500, 2000] : [10_000, allInSockets]
  const most = fileLimit() - 500
  const steps = wanted.map((count) => Math.min(count, most))
  if (most < wanted.at(-1)!)
    workbench.say(`a process may open ${fileLimit()} files here (ulimit -Hn): ${steps.at(-1)} sockets at most`)
  const database = await workbench.database('idle')
  await seed(database.db, { objects: steps.at(-1)!, tokens: true })
  const push = await workbench.role('push', database)
  const base = await settledKb(push)
  workbench.say(`push process without sockets: ${round(base / 1024)} MB`)

  const rows: Row[] = []
  let open = 0
  for (const [i, count] of steps.entries()) {
    open = await openUpTo(workbench, push, open, count)
    const total = await settledKb(push)
    const growth = (total - base) / count
    const allIn = total / count
    workbench.say(`${count} sockets: ${round(total / 1024)} MB, growth ${round(growth)} KB each`)
    rows.push(growthRow(count, growth))
    if (i === steps.length - 1) rows.push(allInRow(count, allIn, base / allInSockets + growth))
  }
  return rows
}

const growthRow = (count: number, growth: number): Row => ({
  what: `idle: growth per socket, ${count.toLocaleString('en-US')} sockets`,
  figure: `${round(growth)} KB`,
  ratio: '',
  bar: `${growthBar} KB`,
  met: growth <= growthBar,
})

function allInRow(count: number, allIn: number, projected: number): Row {
  const fewer = count < allInSockets
  return {
    what: `idle: all-in per socket, ${count.toLocaleString('en-US')} sockets`,
    figure: `${round(allIn)} KB`,
    ratio: fewer ? `${round(projected)} KB at ${allInSockets.toLocaleString('en-US')} if it goes on growing so` : '',
    bar: `${allInBar} KB at ${allInSockets.toLocaleString('en-US')}`,
    met: fewer ? undefined : allIn <= allInBar,
  }
}

/** Client programs of their own, each from its own loopback address, for each has its own files and local ports. */
async function openUpTo(workbench: Workbench, push: Role, open: number, count: number): Promise<number> {
  let next = open
  for (; next < count; next += Math.min(perProgram, count - next)) {
    const swarm = workbench.program<Swarm>('clients/swarm.ts')
    await swarm.ask('open', {
      ...{ port: push.port, protocol: 'inbox', first: next + 1, count: Math.min(perProgram, count - next), cursor: 0 },
      ...{ source: `127.0.0.${2 + Math.ceil(next / perProgram)}`, inFlight: 200, resume: false },
    })
  }
  return next
}

/** Resident memory once garbage is collected and nothing moves any more. */
async function settledKb(push: Role): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 5; i++) {
    push.settle()
    await delay(600)
    least = Math.min(least, residentKb(push.pid))
  }
  return least
}
