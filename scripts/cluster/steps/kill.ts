import { until } from '../cluster.ts'
import { Load } from '../load.ts'
import type { Context } from './index.ts'
import { lost } from './upgrade.ts'

const roles = ['api', 'push', 'worker', 'kafka', 'postgresql']

/** A pod of each kind is killed without a warning, PostgreSQL and Kafka too: requests may fail meanwhile, nothing is lost. */
export async function killPods({ cluster, image, tags }: Context): Promise<string> {
  const load = await Load.start(cluster, `${image}:${tags.first}`)
  for (const role of roles) {
    const [pod] = await cluster.pods(role)
    if (!pod) throw new Error(`there is no pod of ${role}`)
    await cluster.kubectl(['delete', 'pod', pod.metadata.name, '--grace-period=0', '--force'])
    await until(`another ${role} is ready`, 180_000, async () => {
      const pods = await cluster.pods(role)
      const isReady = ({ status }: (typeof pods)[number]) =>
        status.conditions?.some(
          ({ type, status: is }: { type: string; status: string }) => type === 'Ready' && is === 'True',
        )
      return pods.every(({ metadata }) => metadata.uid !== pod.metadata.uid) && pods.every(isReady)
    })
  }
  const report = await load.stop()
  const problems = lost(report)
  if (problems.length > 0) throw new Error(`${problems.join('; ')} (${JSON.stringify(report)})`)
  const failures = Object.entries(report.failures).map(([what, count]) => `${count} ${what}`)
  return `${report.posted} messages, nothing lost; failed attempts: ${failures.join(', ') || 'none'}; longest POST ${report.longestPostMs} ms`
}
