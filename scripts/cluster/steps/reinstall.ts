import type { Cluster } from '../cluster.ts'
import type { Context } from './index.ts'

/** Uninstalling keeps the volumes and the generated Secret, and a new installation finds everything there. */
export async function reinstall({ cluster, release, tags }: Context): Promise<string> {
  const before = await messages(cluster)
  await release.uninstall()
  const claims = await cluster.list('persistentvolumeclaims')
  if (claims.length === 0) throw new Error('the volumes are gone')
  await release.put(tags.first)
  const after = await messages(cluster)
  if (after !== before) throw new Error(`${before} messages before, ${after} after`)
  await release.test()
  return `${after} messages before and after; ${claims.length} volumes kept`
}

const messages = async (cluster: Cluster) => Number(await cluster.psql('select count(*) from messages'))
