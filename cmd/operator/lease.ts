import { CoordinationV1Api, type V1Lease, type V1LeaseSpec, V1MicroTime } from '@kubernetes/client-node'
import { sleep } from '#internal/runtime/backoff'
import type { Logger } from '#internal/telemetry/log'
import { codeOf, type Kube, wordsOf } from './kube.ts'

/** As client-go has them, milliseconds. */
const durationMs = 15_000
const renewWithinMs = 10_000
const retryMs = 2000

export interface LeaderOptions {
  /** A connection of its own, that nothing else can keep busy, with a time limit well below 10 s. */
  kube: Kube
  namespace: string
  /** Of the Lease. It is made when there is none. */
  lease: string
  /** Of the pod: a container that starts again leads on at once. */
  identity: string
  onLeading: () => void
  /** It does not lead any more, and must end. */
  onLost: (why: string) => void
  logger: Logger
}

/**
 * Leads while it holds the Lease: one at a time, and another one within 20 s when it dies. By the clocks of nobody: whether a holder still
 * renews is seen by the Lease changing. A leader that cannot renew for 10 s gives up before another may begin; nothing fences it off
 * though, so what leaders do must be harmless when two do it.
 */
export class Leader {
  readonly #options: LeaderOptions
  readonly #api: CoordinationV1Api
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined
  #leading = false
  #expiry: NodeJS.Timeout | undefined
  /** As it was when it was last written here: renewing it needs no look at it first. */
  #held: V1Lease | undefined
  #hasFailed = false
  #seen = ''
  #seenAt = 0

  constructor(options: LeaderOptions) {
    this.#options = options
    this.#api = options.kube.makeApiClient(CoordinationV1Api)
  }

  start(): void {
    this.#running ??= this.#run()
  }

  isLeading(): boolean {
    return this.#leading
  }

  /** Gives the Lease back, so that another may lead at once. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    clearTimeout(this.#expiry)
    await this.#running
    if (this.#leading) await this.#release().catch((error) => this.#log(error, 'the Lease was not given back', 'warn'))
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    const { onLeading, onLost } = this.#options
    while (!signal.aborted) {
      // While it is unknown who holds it, the time that is left decides.
      const holds = await this.#tryRenew()
      if (signal.aborted) return
      if (this.#leading && !holds) return this.#lose(onLost, 'another operator holds the Lease')
      if (!this.#leading && holds) {
        this.#leading = true
        onLeading()
      }
      // What a waiting one is late to see a renewal, and late to see the end of the last, must together stay below 5 s.
      await sleep(this.#leading ? retryMs : retryMs * (1 + 0.2 * Math.random()), signal)
    }
  }

  async #tryRenew(): Promise<boolean> {
    try {
      const holds = await this.#renew()
      this.#hasFailed = false
      return holds
    } catch (error) {
      // Many in a row are one outage.
      this.#log(error, 'the Lease was not renewed', this.#hasFailed ? 'debug' : 'warn')
      this.#hasFailed = true
      return this.#leading
    }
  }

  /** Takes or renews the Lease if it may. */
  async #renew(): Promise<boolean> {
    const startedAt = performance.now()
    const { namespace, lease: name, identity } = this.#options
    const lease = this.#held ?? (await this.#read())
    // Whatever fails from here on, it is looked at the next time.
    this.#held = undefined
    if (lease) {
      const { holderIdentity, leaseDurationSeconds, leaseTransitions = 0, acquireTime } = lease.spec ?? {}
      this.#notice(lease)
      const isMine = holderIdentity === identity
      const hasLeft = performance.now() - this.#seenAt > (leaseDurationSeconds ?? durationMs / 1000) * 1000
      if (!isMine && holderIdentity && !hasLeft) return false
      const more = isMine
        ? { leaseTransitions, ...(acquireTime && { acquireTime }) }
        : { leaseTransitions: leaseTransitions + 1 }
      const body = { ...lease, spec: this.#spec(more) }
      this.#held = await this.#api.replaceNamespacedLease({ name, namespace, body })
    } else {
      const body = { metadata: { name, namespace }, spec: this.#spec({}) }
      this.#held = await this.#api.createNamespacedLease({ namespace, body })
    }
    this.#holdUntil(startedAt + renewWithinMs)
    return true
  }

  async #read(): Promise<V1Lease | undefined> {
    const { namespace, lease: name } = this.#options
    return this.#api.readNamespacedLease({ name, namespace }).catch((error) => {
      if (codeOf(error) === 404) return undefined
      throw error
    })
  }

  #spec(more: Partial<V1LeaseSpec>): V1LeaseSpec {
    const now = new V1MicroTime()
    return {
      acquireTime: now,
      leaseTransitions: 0,
      ...more,
      holderIdentity: this.#options.identity,
      leaseDurationSeconds: durationMs / 1000,
      renewTime: now,
    }
  }

  #notice({ spec }: V1Lease): void {
    const text = JSON.stringify(spec)
    if (text === this.#seen) return
    this.#seen = text
    this.#seenAt = performance.now()
  }

  #holdUntil(at: number): void {
    clearTimeout(this.#expiry)
    if (this.#stopping.signal.aborted) return
    const { onLost } = this.#options
    const expire = () => this.#lose(onLost, `the Lease could not be renewed for ${renewWithinMs / 1000} s`)
    this.#expiry = setTimeout(expire, at - performance.now())
  }

  #lose(onLost: (why: string) => void, why: string): void {
    this.#leading = false
    this.#stopping.abort()
    clearTimeout(this.#expiry)
    onLost(why)
  }

  async #release(): Promise<void> {
    const { namespace, lease: name, identity } = this.#options
    const lease = await this.#read()
    if (lease?.spec?.holderIdentity !== identity) return
    const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 }
    await this.#api.replaceNamespacedLease({ name, namespace, body: { ...lease, spec } })
  }

  #log(error: unknown, message: string, level: 'debug' | 'warn'): void {
    this.#options.logger[level]({ reason: wordsOf(error) }, message)
  }
}
