import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../random.ts'
import { type AlertWrite, appendLine } from '../record/alerts.ts'
import { call, isOutage, wasRefused } from '../world/http.ts'
import { sinceStart, type World } from '../world/world.ts'
import type { Tally } from './tally.ts'

export interface AlertWriterOptions {
  world: World
  /** Index of the dispatcher. */
  account: number
  random: Random
  tally: Tally
}

const keyed = 0.5
const toAll = 0.2

/** Raises numbered alerts, one after the other, some to all objects. */
export class AlertWriter {
  readonly #options: AlertWriterOptions
  #n = 0

  constructor(options: AlertWriterOptions) {
    this.#options = options
  }

  async raise(all = this.#options.random.chance(toAll)): Promise<void> {
    const { world, account, random, tally } = this.#options
    const to = all
      ? ('all' as const)
      : random.sample(world.things, 1 + Math.floor(random.next() * 3)).map(({ id }) => id)
    const text = `alert ${account} ${this.#n++}`
    const withKey = random.chance(keyed)
    const write: AlertWrite = { text, to, id: undefined, count: undefined, sentAt: sinceStart(world), answeredAt: 0 }
    const request = {
      method: 'POST',
      path: '/api/v1/alerts',
      token: world.people[account]!.token,
      key: withKey ? text.replaceAll(' ', '-') : undefined,
      body: to === 'all' ? { text, alert_all: true } : { text, object_ids: to },
    }
    // To the other process when one does not answer, as a load balancer would.
    for (let turn = Math.floor(random.next() * 2); ; turn++) {
      const answer = await call(world.apiPorts[turn % world.apiPorts.length]!, request).catch((error: Error) => error)
      tally.answer(answer)
      if (!(answer instanceof Error)) {
        if (answer.status === 201) {
          write.id = answer.body.id
          write.count = answer.body.number_of_objects_receiving_alert
          break
        }
        if (!isOutage(answer)) tally.unexpected(`POST /api/v1/alerts: ${answer.status} ${JSON.stringify(answer.body)}`)
      }
      await delay(50 + Math.random() * 200)
      if (!withKey && !(answer instanceof Error && wasRefused(answer))) break
    }
    write.answeredAt = sinceStart(world)
    tally.count(write.id === undefined ? 'unknown alerts' : 'acknowledged alerts')
    appendLine(path.join(world.directory, `alerts-${account}`), write)
  }
}
