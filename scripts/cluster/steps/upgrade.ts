import type { Cluster } from '../cluster.ts'
import { Load, type Report } from '../load.ts'
import type { Context } from './index.ts'

/** Clients are asked to come back over so long (`push.drainSeconds`), and get there within two seconds more. */
const longestAwayMs = 2000
const roles = ['api', 'push', 'worker']

/** Everything is replaced while people write and follow: no request fails, nothing is lost, sockets are asked to come back. */
export async function upgrade({ cluster, release, image, tags }: Context): Promise<string> {
  return underLoad(cluster, `${image}:${tags.first}`, async () => {
    await release.put(tags.second)
    await onlyOf(cluster, `${image}:${tags.second}`)
  })
}

/** And back: the old code runs on the new schema. */
export async function rollback({ cluster, release, image, tags }: Context): Promise<string> {
  return underLoad(cluster, `${image}:${tags.first}`, async () => {
    await release.rollback()
    await onlyOf(cluster, `${image}:${tags.first}`)
  })
}

/** Each pod of each role leaves in turn, as for a node that is drained; the disruption budgets say when. */
export async function evictPods({ cluster, image, tags }: Context): Promise<string> {
  return underLoad(cluster, `${image}:${tags.first}`, async () => {
    for (const role of roles)
      for (const { metadata } of await cluster.pods(role)) {
        await cluster.evict(metadata.name)
        await cluster.rolledOut([`deployment/belfry-${role}`])
      }
  })
}

/** A tag that does not exist: the old version serves on. */
export async function wrongTag({ cluster, release, image, tags }: Context): Promise<string> {
  return underLoad(cluster, `${image}:${tags.first}`, async () => {
    const before = await Promise.all(roles.map((role) => cluster.pods(role)))
    await release.put('there-is-no-such-tag', { wait: false })
    await new Promise((resolve) => setTimeout(resolve, 30_000))
    for (const { metadata } of before.flat()) {
      const { status } = (await cluster.get('pod', metadata.name)) ?? {}
      const isReady = status?.conditions.find(({ type }: { type: string }) => type === 'Ready')?.status === 'True'
      if (!isReady) throw new Error(`${metadata.name} does not serve any more`)
    }
    await release.rollback()
    await onlyOf(cluster, `${image}:${tags.first}`)
  })
}

async function underLoad(cluster: Cluster, image: string, change: () => Promise<void>): Promise<string> {
  const load = await Load.start(cluster, image)
  let report: Report
  try {
    await change()
  } finally {
    report = await load.stop()
  }
  const problems = [
    ...Object.entries(report.failures).map(([what, count]) => `${count} requests failed: ${what}`),
    ...lost(report),
    ...(report.longestAwayMs > longestAwayMs ? [`a client was away for ${report.longestAwayMs} ms`] : []),
  ]
  if (problems.length > 0) throw new Error(`${problems.join('; ')} (${JSON.stringify(report)})`)
  return `${report.posted} messages, no request failed (longest ${report.longestPostMs} ms), ${report.reconnects} reconnects (codes ${report.closeCodes.join(', ') || 'none'}), away at most ${report.longestAwayMs} ms, nothing lost`
}

/** What followers should not have seen. */
export const lost = ({ missing, repeated, outOfOrder }: Report): string[] =>
  Object.entries({ missing, repeated, outOfOrder })
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} messages ${what}`)

/** @throws when a pod of another version is left */
async function onlyOf(cluster: Cluster, image: string): Promise<void> {
  for (const role of roles)
    for (const { metadata, spec } of await cluster.pods(role))
      if (spec.containers[0].image !== image) throw new Error(`${metadata.name} has ${spec.containers[0].image}`)
}
