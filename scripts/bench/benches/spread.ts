import { median, round, spread as spreadOf } from '../stats.ts'
import { info, type Row } from '../table.ts'
import type { Workbench } from '../workbench.ts'
import { rotated } from './fan-out.ts'
import { runSpreadRound, type SpreadRound } from './spread-round.ts'

const processes = [1, 2, 4]

/** The same number of sockets on one, two and four push processes: how long an event takes to the last of them, and how many they get. */
export async function spread(workbench: Workbench): Promise<Row[]> {
  const sockets = workbench.quick ? 200 : 2000
  const rounds = workbench.quick ? 1 : 3
  const load = workbench.quick ? { alerts: 5, events: 100 } : { alerts: 30, events: 1000 }
  const database = await workbench.database('spread')
  const results = new Map<number, SpreadRound[]>(processes.map((count) => [count, []]))
  for (let i = 1; i <= rounds; i++)
    for (const count of rotated(processes, i)) {
      const result = await runSpreadRound(workbench, database, { processes: count, sockets, ...load })
      results.get(count)!.push(result)
      workbench.say(`round ${i}, ${nameOf(count)}: ${spreadOf(result.toLast)}, ${round(result.perSecond)} messages/s`)
    }
  const total = sockets.toLocaleString('en-US')
  return [...results].flatMap(([count, all]) => [
    info(
      `spread: POST to the last of ${total} sockets, ${nameOf(count)}`,
      spreadOf(all.flatMap(({ toLast }) => toLast)),
    ),
    info(
      `spread: events to ${total} sockets, ${nameOf(count)}`,
      `${round(median(all.map(({ perSecond }) => perSecond)))} msg/s, ` +
        `${median(all.map(({ cpuPerMillion }) => cpuPerMillion)).toFixed(2)} CPU s/M of push`,
    ),
  ])
}

const nameOf = (count: number) => (count === 1 ? 'one push process' : `${count} push processes`)
