import { setTimeout as delay } from 'node:timers/promises'
import { type Fault, type FaultTools, seconds } from './fault.ts'

const nodesOf = ({ system }: FaultTools) => system.kafka!.nodes

/** One, two, or all three at once. */
export const killBrokers =
  (count: number): Fault =>
  async (tools) => {
    const nodes = tools.random.sample(nodesOf(tools), count)
    const restMs = tools.random.between(0, 15_000)
    await Promise.all(nodes.map((node) => node.kill('SIGKILL')))
    await delay(restMs)
    await Promise.all(nodes.map((node) => node.start()))
    return `kill -9 of ${count} of 3 brokers, started again after ${seconds(restMs)}`
  }

export const pauseBroker: Fault = async (tools) => {
  const node = tools.random.pick(nodesOf(tools))
  const ms = tools.random.between(1000, 20_000)
  node.pause()
  await delay(ms)
  node.resume()
  return `SIGSTOP of a broker for ${seconds(ms)}`
}

/** One after the other, as an update does. */
export const rollBrokers: Fault = async (tools) => {
  for (const node of nodesOf(tools)) {
    await node.kill('SIGTERM')
    await node.start()
  }
  return 'rolling restart of the brokers'
}

export const deleteTopics: Fault = async ({ system }) => {
  await system.kafka!.deleteTopics()
  // A worker makes them again.
  await delay(10_000)
  return 'all topics deleted'
}
