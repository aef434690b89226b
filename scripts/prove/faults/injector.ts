import { setTimeout as delay } from 'node:timers/promises'
import type { Findings } from '../system/findings.ts'
import type { FaultTools } from './fault.ts'
import { faults, subjectOf } from './faults.ts'

/** A fault that was; times in milliseconds since the start. */
export interface Injected {
  name: string
  what: string
  from: number
  to: number
}

export interface InjectorOptions {
  names: readonly string[]
  /** Milliseconds of peace between two faults, on average. */
  restMs: number
  tools: FaultTools
  findings: Findings
  now: () => number
  onFault: (fault: Injected) => void
}

// Now and then the next one comes while the last one is under way.
const overlapping = 0.15

/** Injects one random fault after the other until it is stopped. */
export class Injector {
  readonly done: Injected[] = []
  readonly #options: InjectorOptions
  readonly #running = new Set<string>()
  /** What is still to come before anything comes again. */
  #deck: string[] = []
  #stopped = false
  #loop: Promise<void> | undefined

  constructor(options: InjectorOptions) {
    this.#options = options
  }

  start(): void {
    this.#loop = this.#run()
  }

  /** Resolves when nothing is harmed any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#loop
  }

  async #run(): Promise<void> {
    const { names, restMs, tools } = this.#options
    if (names.length === 0) return
    const { random } = tools
    const open: Promise<void>[] = []
    await this.#rest(restMs)
    while (!this.#stopped) {
      const fault = this.#inject(this.#choose())
      if (random.chance(overlapping)) open.push(fault)
      else await fault
      await this.#rest(random.between(0.4, 1.6) * restMs)
    }
    await Promise.all(open)
  }

  /** In random order, each once before any comes again. */
  #choose(): string {
    const { names, tools } = this.#options
    if (this.#deck.length === 0) this.#deck = tools.random.sample(names, names.length)
    return this.#deck.pop()!
  }

  async #inject(name: string): Promise<void> {
    const { tools, findings, now, onFault } = this.#options
    const subject = subjectOf(name)
    while (this.#running.has(subject)) await delay(100)
    this.#running.add(subject)
    const from = now()
    if (subject === 'postgres') tools.system.postgres.isHarmed = true
    try {
      const what = await faults[name]!(tools)
      const fault = { name, what, from, to: now() }
      this.done.push(fault)
      onFault(fault)
    } catch (error) {
      findings.add('a fault failed', `${name}: ${(error as Error).stack}`)
    } finally {
      this.#running.delete(subject)
      if (subject === 'postgres') tools.system.postgres.isHarmed = false
    }
  }

  async #rest(ms: number): Promise<void> {
    for (const end = Date.now() + ms; Date.now() < end && !this.#stopped; ) await delay(50)
  }
}
