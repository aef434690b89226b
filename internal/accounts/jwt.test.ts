import assert from 'node:assert/strict'
import { createSigner } from 'fast-jwt'
import { createJwts } from './jwt.ts'

const secret = 'a secret that is long enough for HS256'

describe('JWTs', () => {
  let now = new Date('2026-01-01T00:00:00Z')
  const jwts = createJwts({ secret, clock: { now: () => now } })
  const later = new Date('2026-01-01T01:00:00Z')
  const claims = { iss: 'belfry', aud: 'belfry', sid: 5, exp: later.getTime() / 1000 }

  it('carry their session until they expire', () => {
    const token = jwts.sign({ accountId: 1, sessionId: 5, expiresAt: later })
    assert.deepEqual(jwts.verify(token), { sessionId: 5 })
    now = later
    assert.equal(jwts.verify(token), undefined)
    now = new Date('2026-01-01T00:00:00Z')
  })
  const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  for (const [what, token] of [
    ['another secret', createSigner({ key: secret.replace('a', 'b'), algorithm: 'HS256' })(claims)],
    ['another algorithm', createSigner({ key: secret, algorithm: 'HS512' })(claims)],
    ['no algorithm', `${base64({ alg: 'none' })}.${base64(claims)}.`],
    ['another issuer', createSigner({ key: secret, algorithm: 'HS256' })({ ...claims, iss: 'other' })],
    ['another audience', createSigner({ key: secret, algorithm: 'HS256' })({ ...claims, aud: 'other' })],
    ['no end', createSigner({ key: secret, algorithm: 'HS256' })({ ...claims, exp: undefined })],
    ['no session', createSigner({ key: secret, algorithm: 'HS256' })({ ...claims, sid: 'x' })],
    ['nothing', '..'],
  ] as const)
    it(`with ${what} are refused`, () => assert.equal(jwts.verify(token), undefined))
})
