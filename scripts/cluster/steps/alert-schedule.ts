import { type Cluster, until } from '../cluster.ts'
import type { Context } from './index.ts'

const name = 'every-minute'

/** An AlertSchedule raises alerts, is put right when its CronJob is edited, can be suspended, and goes with all that it made. */
export async function alertSchedule({ cluster }: Context): Promise<string> {
  const spec = { schedule: '* * * * *', timeZone: 'Europe/Berlin', alert: { text: 'by the cluster', alertAll: true } }
  const schedule = { apiVersion: 'belfry.dev/v1alpha1', kind: 'AlertSchedule', metadata: { name }, spec }
  await cluster.apply(schedule)
  await cluster.kubectl(['wait', 'alertschedule', name, '--for=condition=Ready', '--timeout=30s'])
  const appliedAt = Date.now()
  await until('an alert is raised', 150_000, async () => (await alerts(cluster)) >= 1)
  const tookSeconds = Math.round((Date.now() - appliedAt) / 1000)

  await cluster.kubectl(['patch', 'cronjob', name, '--type=merge', '-p', '{"spec":{"schedule":"0 0 1 1 *"}}'])
  await until('the CronJob is put right', 15_000, async () => (await cronJob(cluster))?.spec.schedule === '* * * * *')
  await cluster.apply({ ...schedule, spec: { ...spec, suspend: true } })
  await until('it is suspended', 15_000, async () => (await cronJob(cluster))?.spec.suspend === true)
  const refused = await cluster.apply({ ...schedule, spec: { ...spec, timeZone: 'Moon/Base' } }).catch((error) => error)
  if (!/IANA/.test(String(refused))) throw new Error(`a time zone that does not exist was taken: ${refused}`)
  await cluster.kubectl(['delete', 'alertschedule', name, '--wait'])
  await until('the CronJob is gone', 30_000, async () => (await cronJob(cluster)) === undefined)
  return `raised an alert ${tookSeconds} s after it was applied; edited, suspended and deleted`
}

const cronJob = (cluster: Cluster) => cluster.get('cronjob', name)

const alerts = async (cluster: Cluster) =>
  Number(await cluster.psql(`select count(*) from alerts where text = 'by the cluster'`))
