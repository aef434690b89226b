import type { Context } from './index.ts'

const reach = `
const [host, port] = process.argv.slice(1)
const socket = require('node:net').connect({ host, port: Number(port), timeout: 4000 })
socket.on('connect', () => { console.log('reached'); process.exit() })
for (const event of ['error', 'timeout']) socket.on(event, () => { console.log('refused'); process.exit() })`

/** Network policies let through what is needed (everything else here runs under them) and nothing more. */
export async function policies({ cluster }: Context): Promise<string> {
  const [api] = await cluster.pods('api')
  const [push] = await cluster.pods('push')
  const tries: [from: string, host: string, port: number, expected: string][] = [
    [api!.metadata.name, 'belfry-postgresql', 5432, 'reached'],
    [push!.metadata.name, 'belfry-kafka', 9092, 'reached'],
    [api!.metadata.name, 'belfry-kafka', 9092, 'refused'],
    [api!.metadata.name, push!.status.podIP, 9090, 'refused'],
    [push!.metadata.name, 'belfry-api', 8080, 'refused'],
  ]
  for (const [from, host, port, expected] of tries) {
    const answer = (await cluster.exec(from, ['node', '-e', reach, host, String(port)])).trim()
    if (answer !== expected) throw new Error(`${from} to ${host}:${port} was ${answer}, not ${expected}`)
  }
  return `${tries.length} connections tried, each as it should be`
}
