import { createHash } from 'node:crypto'
import type { Knex } from 'knex'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import { Problem } from '#internal/runtime/problem'
import { addressGroup } from './address-group.ts'

const windowSeconds = 15 * 60
/** One address may fail at several accounts (an office behind one address), but not at any number. */
const perAddressFactor = 5
/** Attempts from one address that may wait for each other. */
const maxWaiting = 500

/** Who tries: the account's name, whether or not there is one, and the address. */
export interface Attempt {
  username: string
  address: string
}

export interface LoginLimits {
  /**
   * Runs `attempt`, which resolves to undefined on a wrong password. Only those count. Attempts from one address run one after the
   * other, so that many at once cannot pass the check before the first has failed.
   * @throws 429 after too many failures; the store's error when it is away: no count, no login.
   */
  guard<T>(who: Attempt, attempt: () => Promise<T | undefined>): Promise<T | undefined>
}

/** Counts failed logins in PostgreSQL, for all processes together. */
export function createLoginLimits({ db, failures }: { db: Knex; failures: number }): LoginLimits {
  const common = {
    storeClient: db,
    storeType: 'knex',
    tableName: 'login_failures',
    tableCreated: true,
    clearExpiredByTimeout: false,
    duration: windowSeconds,
  }
  const account = new RateLimiterPostgres({ ...common, keyPrefix: 'account', points: failures })
  const address = new RateLimiterPostgres({ ...common, keyPrefix: 'address', points: failures * perAddressFactor })
  const queues = new Map<string, { tail: Promise<unknown>; length: number }>()

  async function check(accountKey: string, addressKey: string): Promise<void> {
    for (const counted of await Promise.all([account.get(accountKey), address.get(addressKey)]))
      if (counted && counted.remainingPoints <= 0) throw tooMany(counted.msBeforeNext / 1000)
  }

  async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = queues.get(key) ?? { tail: Promise.resolve(), length: 0 }
    if (queue.length >= maxWaiting) throw tooMany(1)
    queues.set(key, queue)
    queue.length++
    const mine = queue.tail.then(work)
    queue.tail = mine.catch(() => undefined)
    try {
      return await mine
    } finally {
      if (--queue.length === 0) queues.delete(key)
    }
  }

  return {
    guard({ username, address: from }, attempt) {
      const group = addressGroup(from)
      const accountKey = createHash('sha256').update(`${username.toLowerCase()}\n${group}`).digest('hex')
      return inTurn(group, async () => {
        await check(accountKey, group)
        const result = await attempt()
        if (result === undefined) await Promise.all([account.penalty(accountKey), address.penalty(group)])
        return result
      })
    },
  }
}

const tooMany = (retryAfter: number) =>
  new Problem('too_many', 'too_many_failed_logins', 'Too many failed logins. Try again later.', { retryAfter })
