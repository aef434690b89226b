import { parseArgs } from 'node:util'
import { Cluster } from './cluster.ts'
import { announcedRegistry, buildImages, Release } from './release.ts'
import { has } from './shell.ts'
import { type Context, steps } from './steps/index.ts'

// `npm run test:cluster`: the chart on the cluster of KUBECONFIG, with an image that is pushed to a registry which the cluster reaches.
const { values } = parseArgs({
  options: {
    registry: { type: 'string' },
    load: { type: 'string' },
    namespace: { type: 'string', default: 'belfry-test' },
    only: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})
for (const program of ['kubectl', 'helm', 'docker'])
  if (!(await has(program))) {
    console.error(`${program} is not on PATH.`)
    process.exit(2)
  }

const tags = { first: 'test-1', second: 'test-2', dev: 'test-dev' }
const { load } = values
const registry = values.registry ?? (load === undefined ? await announcedRegistry() : undefined)
if ((registry === undefined) === (load === undefined)) {
  console.error(
    'Say how the cluster gets the image: --registry localhost:5000, or --load "k3d image import --cluster belfry".',
  )
  process.exit(2)
}
const image = await buildImages({ registry, load, tags: [tags.first, tags.second], devTag: tags.dev })
const cluster = new Cluster(values.namespace)
const context: Context = { cluster, release: new Release(values.namespace, image), image, tags }
await cluster.recreate()

let failed = 0
const chosen = steps.filter(({ name, always }) => always || !values.only || values.only.split(',').includes(name))
for (const { name, run } of chosen) {
  const startedAt = Date.now()
  const outcome = await run(context).then(
    (detail) => ({ word: 'ok    ', detail }),
    (error: Error) => ({ word: 'FAILED', detail: error.message }),
  )
  if (outcome.word === 'FAILED') failed++
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0).padStart(4)
  console.log(`${outcome.word}  ${name.padEnd(22)} ${seconds} s  ${outcome.detail}`)
}
if (!values.keep) await cluster.remove(false)
console.log(`${chosen.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
