import type { Hasher } from '#internal/accounts/hasher'
import type { Jwts } from '#internal/accounts/jwt'
import type { LoginLimits } from '#internal/accounts/login-limits'
import type { TotpCodes } from '#internal/accounts/totp-codes'
import type { Storage } from '#internal/attachments/storage'
import type { Attached } from '#internal/conversations/attached'
import type { Clock } from '#internal/runtime/clock'
import type { ApiConfig } from './config.ts'
import type { Arrivals } from './events/arrivals.ts'
import type { RateLimits } from './http/rate-limits.ts'

/** What routes are made of; each names the fields that it needs. The database comes with each call. */
export interface ApiDeps {
  arrivals: Arrivals
  attached: Attached
  clock: Clock
  config: ApiConfig
  hasher: Hasher
  limits: LoginLimits
  jwts: Jwts
  codes: TotpCodes
  rateLimits: RateLimits
  storage: Storage
}
