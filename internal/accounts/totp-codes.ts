import { generateSecret, generateURI, verifySync } from 'otplib'
import type { Clock } from '#internal/runtime/clock'
import { Problem } from '#internal/runtime/problem'
import { createSealer } from './seal.ts'

const issuer = 'Belfry'
const stepSeconds = 30

/** What a code must look like before anybody looks whether it is right. */
export const totpPattern = /^\d{6}$/

export interface TotpCodes {
  /** A new secret: base32 and an otpauth:// URL, for the account to see once, and sealed, to be stored. */
  create(account: { id: number; username: string }): { secret: string; otpauth_url: string; sealed: Buffer }
  /**
   * The time step that this code belongs to, now or one step before or after; undefined when it is wrong. Whoever accepts a code
   * must also see to it that a step is used once.
   */
  stepOf(account: { id: number; sealed: Buffer }, code: string): number | undefined
}

/** TOTP by RFC 6238 with what every authenticator takes: SHA-1, 6 digits, 30 seconds. */
export function createTotpCodes({ secret, clock }: { secret: string; clock: Clock }): TotpCodes {
  const sealer = createSealer(secret, 'totp')

  function open(id: number, sealed: Buffer): string {
    try {
      return sealer.open(sealed, `account ${id}`)
    } catch (cause) {
      const detail = 'The code cannot be checked: BELFRY_JWT_SECRET has changed since. An admin can reset TOTP.'
      throw new Problem('unavailable', 'totp_unreadable', detail, { cause })
    }
  }

  return {
    create({ id, username }) {
      const made = generateSecret()
      const otpauth_url = generateURI({ issuer, label: username, secret: made })
      return { secret: made, otpauth_url, sealed: sealer.seal(made, `account ${id}`) }
    },
    stepOf({ id, sealed }, code) {
      if (!totpPattern.test(code)) return undefined
      const epoch = Math.floor(clock.now().getTime() / 1000)
      const result = verifySync({ secret: open(id, sealed), token: code, epoch, epochTolerance: stepSeconds })
      return result.valid && 'timeStep' in result ? result.timeStep : undefined
    },
  }
}
