import { type KubernetesObject, type ListPromise, makeInformer } from '@kubernetes/client-node'
import { backoffMs } from '#internal/runtime/backoff'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import { type Kube, wordsOf } from './kube.ts'

/** After so long a watch that ends has worked. */
const settledMs = 60_000

export interface WatchOptions<T extends KubernetesObject> {
  kube: Kube
  namespace: string
  /** Of the list, e.g. /apis/batch/v1/namespaces/belfry/cronjobs. */
  path: string
  list: ListPromise<T>
  /** Told of each object that is new, other than before, or gone. */
  changed: (object: T) => void
  logger: Logger
  metrics: Pick<Metrics, 'operatorWatchRestarts'>
}

/** What the API server has, as far as is known. Times in it are Dates or strings. */
export interface Watched<T> {
  get(name: string): T | undefined
  list(): readonly T[]
  /** Resolves when the first list is in. */
  synced: Promise<void>
  stop(): Promise<void>
}

/** Keeps a copy of all objects at a path. Whatever goes wrong, 403 and 404 too, it is tried again: a role or a CRD may come later. */
export function watch<T extends KubernetesObject>(options: WatchOptions<T>): Watched<T> {
  const { kube, namespace, path, list, changed, logger, metrics } = options
  const synced = Promise.withResolvers<void>()
  const informer = makeInformer<T>(kube, path, async () => {
    const all = await list()
    // The informer takes the list over before that.
    setImmediate(() => synced.resolve())
    return all
  })
  let timer: NodeJS.Timeout | undefined
  let startedAt = 0
  let failures = 0
  let stopped = false

  const start = () => {
    timer = undefined
    startedAt = performance.now()
    informer.start().catch(failed)
  }
  // Any error stops the informer, and it may tell of one twice.
  const failed = (error: unknown) => {
    if (stopped || timer) return
    if (performance.now() - startedAt > settledMs) failures = 0
    logger[failures === 0 ? 'warn' : 'debug']({ path, reason: wordsOf(error) }, 'watch failed, starting it again')
    metrics.operatorWatchRestarts.inc()
    timer = setTimeout(start, backoffMs(failures++, 500, 30_000))
  }
  // An error of a handler would stop the informer without a word.
  const guarded = (object: T) => {
    try {
      changed(object)
    } catch (error) {
      logger.error({ error, path }, 'a change could not be handled')
    }
  }
  informer.on('change', guarded)
  informer.on('error', failed)
  start()
  return {
    get: (name) => informer.get(name, namespace),
    list: () => informer.list(namespace),
    synced: synced.promise,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await informer.stop()
    },
  }
}
