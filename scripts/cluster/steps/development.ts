import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Cluster, until } from '../cluster.ts'
import { Release } from '../release.ts'
import type { Context } from './index.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const values = path.join(root, 'k8s/dev/values.yaml')
const changed = 'cmd/api/classic/status.ts'

/** What `tilt up` does: the image for development, a changed source put into the running container, a job's button. */
export async function development({ cluster, image, tags }: Context): Promise<string> {
  const place = new Cluster(`${cluster.namespace}-dev`)
  await place.recreate()
  const release = new Release(place.namespace, image, values)
  await release.put(tags.dev)
  await release.test()

  const [pod] = await place.pods('api')
  const name = pod!.metadata.name
  const source = await readFile(path.join(root, changed), 'utf8')
  const started = Date.now()
  await place.exec(name, ['sh', '-c', `cat >/app/${changed}`], { input: source.replaceAll("'pong'", "'changed'") })
  await until('the change is there', 60_000, async () => (await ping(place, name)) === 'changed')
  const seconds = ((Date.now() - started) / 1000).toFixed(1)

  const job = 'belfry-partitions-now'
  await place.kubectl(['create', 'job', job, '--from=cronjob/belfry-partitions'])
  await place.kubectl(['wait', `job/${job}`, '--for=condition=Complete', '--timeout=120s'])
  await release.uninstall()
  await place.remove(false)
  return `a changed source answered after ${seconds} s; a job ran at once`
}

const ping = (place: Cluster, pod: string) =>
  place.exec(pod, ['node', '-e', "fetch('http://127.0.0.1:8080/ping').then((r) => r.text()).then(console.log)"]).then(
    (text) => text.trim(),
    // It is starting anew.
    () => '',
  )
