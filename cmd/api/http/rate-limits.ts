import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { addressGroup } from '#internal/accounts/address-group'
import { Problem } from '#internal/runtime/problem'
import type { ApiConfig } from '../config.ts'
import type { Principal } from './principal.ts'

type Settings = Pick<ApiConfig, 'RATE_LIMIT_PER_MINUTE' | 'RATE_LIMIT_ADDRESS_PER_MINUTE' | 'REGISTRATIONS_PER_HOUR'>

/** One request that was counted. */
export interface Counted {
  allowed: boolean
  /** Requests in a window, those that are left of it, and seconds until it ends. */
  limit: number
  remaining: number
  reset: number
  /** Takes the request out of the count again, for one that another limit has counted. */
  giveBack(): Promise<Counted>
}

/** How much a caller may ask of this process. Nothing is written anywhere: each process counts for itself. */
export interface RateLimits {
  /** Counts a request by its account or object, without one by its address. Undefined when that limit is off. */
  count(principal: Principal | undefined, address: string): Promise<Counted | undefined>
  /** Counts a registration. @throws 429 `too_many_registrations` */
  countRegistration(address: string): Promise<void>
}

/** A limit of 0 is off. */
export function createRateLimits(settings: Settings): RateLimits {
  const perCaller = limiter(settings.RATE_LIMIT_PER_MINUTE, 60)
  const perAddress = limiter(settings.RATE_LIMIT_ADDRESS_PER_MINUTE, 60)
  const registrations = limiter(settings.REGISTRATIONS_PER_HOUR, 3600)
  return {
    async count(principal, address) {
      if (principal) return perCaller && count(perCaller, callerKey(principal))
      return perAddress && count(perAddress, addressGroup(address))
    },
    async countRegistration(address) {
      const counted = registrations && (await count(registrations, addressGroup(address)))
      if (counted?.allowed === false)
        throw new Problem('too_many', 'too_many_registrations', 'Too many registrations from this address.', {
          retryAfter: counted.reset,
        })
    },
  }
}

const limiter = (points: number, seconds: number) =>
  points === 0 ? undefined : new RateLimiterMemory({ points, duration: seconds })

const callerKey = (principal: Principal) =>
  principal.kind === 'account' ? `account ${principal.account.id}` : `object ${principal.objectId}`

async function count(limiter: RateLimiterAbstract, key: string): Promise<Counted> {
  try {
    return state(limiter, key, await limiter.consume(key), true)
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    return state(limiter, key, refused, false)
  }
}

function state(limiter: RateLimiterAbstract, key: string, now: RateLimiterRes, allowed: boolean): Counted {
  return {
    allowed,
    limit: limiter.points,
    remaining: now.remainingPoints,
    reset: Math.max(1, Math.ceil(now.msBeforeNext / 1000)),
    giveBack: async () => state(limiter, key, await limiter.reward(key), allowed),
  }
}
