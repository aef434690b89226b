import type { Hasher } from '#internal/accounts/hasher'
import type { Jwts } from '#internal/accounts/jwt'
import type { LoginLimits } from '#internal/accounts/login-limits'
import type { Clock } from '#internal/runtime/clock'
import type { ApiConfig } from './config.ts'

/** What routes are made of; each names the fields that it needs. The database comes with each call. */
export interface ApiDeps {
  clock: Clock
  config: ApiConfig
  hasher: Hasher
  limits: LoginLimits
  jwts: Jwts
}
