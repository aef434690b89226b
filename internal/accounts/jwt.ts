import { createSigner, createVerifier } from 'fast-jwt'
import type { Clock } from '#internal/runtime/clock'

const issuer = 'belfry'
const audience = 'belfry'

export interface JwtOptions {
  secret: string
  clock: Clock
}

export interface Jwts {
  /** An access token that ends at `expiresAt`, or with its session if that is sooner. */
  sign(claims: { accountId: number; sessionId: number; expiresAt: Date }): string
  /** The session's id when the token is ours and has not expired; whoever uses it looks the session up as well. */
  verify(token: string): { sessionId: number } | undefined
}

/** HS256 and nothing else: what the token says of its algorithm is compared, not obeyed. */
export function createJwts({ secret, clock }: JwtOptions): Jwts {
  const signer = createSigner({ key: secret, algorithm: 'HS256', iss: issuer, aud: audience, noTimestamp: true })
  const verifier = createVerifier({
    key: secret,
    algorithms: ['HS256'],
    allowedIss: issuer,
    allowedAud: audience,
    requiredClaims: ['iss', 'aud', 'exp', 'sid'],
    // Compared below with the clock that was passed in.
    ignoreExpiration: true,
  })
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000)
  return {
    sign: ({ accountId, sessionId, expiresAt }) =>
      signer({ sub: String(accountId), sid: sessionId, iat: seconds(clock.now()), exp: seconds(expiresAt) }),
    verify(token) {
      try {
        const { sid, exp } = verifier(token) as { sid: unknown; exp: unknown }
        if (!Number.isSafeInteger(sid) || typeof exp !== 'number' || exp <= clock.now().getTime() / 1000)
          return undefined
        return { sessionId: sid as number }
      } catch {
        return undefined
      }
    },
  }
}
