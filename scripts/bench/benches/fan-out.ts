import { median, percent, round, times } from '../stats.ts'
import { info, type Row } from '../table.ts'
import type { Workbench } from '../workbench.ts'
import { type Round, runRound } from './fan-out-round.ts'
import { belfryServers, rivalServer, type Server } from './fan-out-servers.ts'

/**
 * 1 KB events from one process to 1,000 subscribers who count every message and check that positions are complete and in order.
 * Every server gets its events in the same portions, the next one when receivers have taken an earlier one, so that it always
 * has something to send and never more than the sockets can hold.
 */
export async function fanOut(workbench: Workbench): Promise<Row[]> {
  const subscribers = workbench.quick ? 100 : 1000
  const rounds = workbench.quick ? 1 : 5
  const events = workbench.quick ? 200 : 3000
  const servers: [name: string, open: () => Promise<Server>, events: number][] = [
    ['bare uWebSockets.js', () => rivalServer(workbench, 'bare-uws'), events],
    ['Belfry, from the log', () => belfryServers.fromLog(workbench), events],
    ['Socket.IO', () => rivalServer(workbench, 'socket-io'), events / 10],
    ['Belfry, live by the relay', () => belfryServers.live(workbench), events],
    ['Belfry, inboxes with marks', () => belfryServers.inboxes(workbench), events],
  ]
  const results = new Map<string, Round[]>(servers.map(([name]) => [name, []]))
  for (let i = 1; i <= rounds; i++)
    for (const [name, open, count] of rotated(servers, i)) {
      const result = await runRound(workbench, await open(), subscribers, count)
      results.get(name)!.push(result)
      workbench.say(
        `round ${i}, ${name}: ${round(result.perSecond)} messages/s, ${result.cpuPerMillion.toFixed(2)} CPU s per million, ` +
          `server ${percent(result.busy)} busy`,
      )
    }
  return rowsOf(results)
}

/** Another one first each time, so that none always follows the same. */
export const rotated = <T>(items: T[], by: number): T[] => items.map((_, i) => items[(i + by) % items.length]!)
const of = (rounds: Round[], field: keyof Round) => median(rounds.map((round) => round[field]))

function rowsOf(results: Map<string, Round[]>): Row[] {
  const [bare, belfry, socketIo, ...others] = [...results.values()] as [Round[], Round[], Round[], ...Round[][]]
  const names = [...results.keys()]
  const figure = (rounds: Round[]) =>
    `${round(of(rounds, 'perSecond'))} msg/s, ${of(rounds, 'cpuPerMillion').toFixed(2)} CPU s/M, ${percent(of(rounds, 'busy'))} busy`
  const ratio = (rounds: Round[], base: Round[]) => ({
    speed: of(rounds, 'perSecond') / of(base, 'perSecond'),
    // How much the base spends for what we spend: more is better for both ratios.
    cpu: of(base, 'cpuPerMillion') / of(rounds, 'cpuPerMillion'),
  })
  const text = ({ speed, cpu }: { speed: number; cpu: number }, unit: (value: number) => string) =>
    `${unit(speed)}, per CPU ${unit(cpu)}`
  const [toBare, toSocketIo] = [ratio(belfry, bare), ratio(belfry, socketIo)]
  return [
    info(`fan-out: ${names[0]}`, figure(bare)),
    info(`fan-out: ${names[2]}`, figure(socketIo)),
    {
      what: `fan-out: ${names[1]}`,
      figure: figure(belfry),
      ratio: `${text(toBare, percent)} of bare`,
      bar: '90 % of bare',
      met: Math.min(toBare.speed, toBare.cpu) >= 0.9,
    },
    {
      what: 'fan-out: the same against Socket.IO',
      figure: '',
      ratio: text(toSocketIo, times),
      bar: '4 x Socket.IO',
      met: toSocketIo.speed >= 4,
    },
    ...others.map((rounds, i) =>
      info(`fan-out: ${names[3 + i]}`, figure(rounds), `${text(ratio(rounds, bare), percent)} of bare`),
    ),
  ]
}
