import type { Options } from '../options.ts'
import type { Fault } from './fault.ts'
import { deleteTopics, killBrokers, pauseBroker, rollBrokers } from './kafka-faults.ts'
import { killBackend, killPostgres, pauseBackend, pausePostgres } from './postgres-faults.ts'
import { kill, pause, roll } from './server-faults.ts'

const cut: Fault = async ({ random, cutClients }) => {
  const share = random.pick([0.1, 0.5, 1])
  await cutClients(share)
  return `${share * 100} % of the clients cut`
}

const general: Record<string, Fault> = {
  'kill-api': kill('api'),
  'kill-worker': kill('worker'),
  'kill-push': kill('push'),
  'pause-api': pause('api'),
  'pause-worker': pause('worker'),
  'pause-push': pause('push'),
  'roll-api': roll('api'),
  'roll-worker': roll('worker'),
  'roll-push': roll('push'),
  'kill-postgres': killPostgres,
  'kill-backend': killBackend,
  'pause-backend': pauseBackend,
  'pause-postgres': pausePostgres,
  'cut-clients': cut,
}

const ofKafka: Record<string, Fault> = {
  'kill-broker': killBrokers(1),
  'kill-two-brokers': killBrokers(2),
  'kill-all-brokers': killBrokers(3),
  'pause-broker': pauseBroker,
  'roll-broker': rollBrokers,
}

/** Only when it is asked for. */
const onDemand: Record<string, Fault> = { 'delete-topics': deleteTopics }

/** By the names that `--faults` takes. */
export const faults: Record<string, Fault> = { ...general, ...ofKafka, ...onDemand }

/** Those that `all` stands for. */
export const allFaults = (log: Options['log']): string[] =>
  Object.keys(log === 'kafka' ? { ...general, ...ofKafka } : general)

/** What a fault is about: two of the same subject would get in each other's way. */
export function subjectOf(name: string): string {
  if (name in ofKafka || name in onDemand) return 'kafka'
  return name.split('-').at(-1)!.replace('backend', 'postgres')
}
