import type { Context } from './index.ts'

/** On an empty namespace, with nothing but the chart: ready within the time that `--wait` has. */
export async function install({ cluster, release, tags }: Context): Promise<string> {
  await release.put(tags.first)
  const pods = await cluster.list('pods', 'app.kubernetes.io/name=belfry')
  const restarts = pods.flatMap(({ metadata, status }) =>
    (status.containerStatuses ?? [])
      .filter(({ restartCount }: { restartCount: number }) => restartCount > 0)
      .map(({ restartCount }: { restartCount: number }) => `${metadata.name} ${restartCount}`),
  )
  if (restarts.length > 0) throw new Error(`containers were restarted: ${restarts.join(', ')}`)
  return `${pods.length} pods, none restarted`
}

/** `helm test`: a message by REST that comes over the WebSocket, from a pod. */
export async function messageThrough({ release }: Context): Promise<string> {
  const output = await release.test()
  if (!/Phase:\s+Succeeded/.test(output)) throw new Error(output)
  return 'a message went from its POST to the WebSocket'
}
