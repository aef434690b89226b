import type { Knex } from 'knex'
import { getAccount } from '#internal/accounts/change'
import { type Alert, severities } from '#internal/alerts/alert'
import { findAlert, listAlerts, raiseAlert } from '#internal/alerts/alert-store'
import { checkContact } from '#internal/alerts/object-import'
import { createObject, findObject, listObjects, removeObject } from '#internal/alerts/object-store'
import { countRollCall, listRollCall } from '#internal/alerts/roll-call-store'
import { readConfig } from '#internal/config/read'
import { listOwnConversations } from '#internal/conversations/mine'
import { listTopics } from '#internal/conversations/topic-list'
import { createTopic } from '#internal/conversations/topics'
import { listDeadLetters, replayDeadLetter } from '#internal/log/dead-letters'
import { headPosition } from '#internal/log/head'
import { systemClock } from '#internal/runtime/clock'
import { PlainError } from '#internal/runtime/plain-error'
import { clearStatus, getStatus, setStatus } from '#internal/statuses/statuses'
import { accountAdmin } from '../account-admin.ts'

const listLength = 50

/** What the shell has at hand: the domains, bound to the database and the clock. Names here are what `help` lists. */
export function shellServices(db: Knex, env: NodeJS.ProcessEnv) {
  const clock = systemClock
  const { PHONE_COUNTRY, STATUS_HOURS } = readConfig(env, ['PHONE_COUNTRY', 'STATUS_HOURS'])
  const { list, ...admin } = accountAdmin(db, env, clock)
  const account = (username: string) => getAccount(db, username)

  async function alertOf(id: number): Promise<Alert> {
    const alert = await findAlert(db, id)
    if (!alert) throw new PlainError(`There is no alert ${id}.`)
    return alert
  }

  return {
    db,
    clock,
    accounts: { ...admin, list: (query?: string) => collect(list(query)) },
    objects: {
      find: (id: number) => findObject(db, id),
      list: (after = 0, limit = listLength) => listObjects(db, { after, limit }),
      create(email: string, phone_number: string) {
        const checked = checkContact({ email, phone_number }, PHONE_COUNTRY)
        if ('problem' in checked) throw new PlainError(checked.problem)
        return createObject(db, checked.contact, clock)
      },
      remove: (id: number) => removeObject(db, id, clock),
    },
    alerts: {
      find: (id: number) => findAlert(db, id),
      list: (before?: number, limit = listLength) => listAlerts(db, before, limit),
      /** `to` is "all" or ids of objects, `as` the username that is shown. */
      async raise(text: string, to: 'all' | number[], as: string, severity = severities[0]) {
        const { username: raisedBy } = await account(as)
        const whom = { alertAll: to === 'all', objectIds: to === 'all' ? [] : to }
        return raiseAlert(db, { text, severity, ...whom, acknowledgeBy: null, raisedBy }, clock)
      },
      counts: async (id: number) => countRollCall(db, await alertOf(id)),
      missing: async (id: number, after = 0) => listRollCall(db, await alertOf(id), 'missing', after, listLength),
    },
    statuses: {
      of: (username: string) => getStatus(db, username, clock.now()),
      set: async (username: string, text: string) =>
        setStatus(db, await account(username), { text, now: clock.now(), hours: STATUS_HOURS }),
      clear: async (username: string) => clearStatus(db, await account(username), clock.now()),
    },
    conversations: {
      /** As that account sees them. */
      topics: async (username: string) => listTopics(db, (await account(username)).id, undefined, listLength),
      of: async (username: string) => listOwnConversations(db, (await account(username)).id, undefined, listLength),
      async createTopic(owner: string, name: string, visibility: 'public' | 'private' = 'public') {
        const topic = { name, description: null, visibility, members_may_invite: false }
        return createTopic(db, await account(owner), topic, clock.now())
      },
    },
    deadLetters: {
      list: (before?: number) => listDeadLetters(db, 'dead', before, listLength),
      replay: (id: number) => replayDeadLetter(db, id),
    },
    events: {
      position: () => headPosition(db),
      /** The newest last. */
      last: async (limit = 10) => (await db('events').orderBy('position', 'desc').limit(limit)).toReversed(),
    },
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
