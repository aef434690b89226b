import assert from 'node:assert/strict'
import { Refused, Unreachable } from '../api/problem.ts'
import { whyNot, whyNotByCode } from './refusal.ts'

describe('a refused log-in', () => {
  const refused = (code: string, retryAfter?: number) =>
    new Refused({ status: 401, code, detail: 'Too many.', ...(retryAfter && { retryAfter }) })

  it('says when to try again, never too early', () => {
    assert.equal(whyNot(refused('too_many_failed_logins', 20)), 'Too many. Try again in 20 seconds.')
    assert.equal(whyNot(refused('too_many_failed_logins', 90)), 'Too many. Try again in 2 minutes.')
    assert.equal(whyNot(refused('too_many_failed_logins', 841)), 'Too many. Try again in 15 minutes.')
    assert.equal(whyNot(refused('forbidden')), 'Too many.')
    assert.match(whyNot(new Unreachable()), /cannot be reached/)
  })

  it('is the fault of the code once the password was right', () => {
    assert.match(whyNotByCode(refused('invalid_credentials')), /^This code is wrong/)
    assert.match(whyNotByCode(refused('too_many_failed_logins', 60)), /in 60 seconds/)
  })
})
