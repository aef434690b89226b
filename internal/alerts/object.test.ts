import assert from 'node:assert/strict'
import { isIntId, parsePhone } from './object.ts'

describe('the phone number of an object', () => {
  const good: [given: string, e164: string][] = [
    ['212-555-1234', '+12125551234'],
    ['718-555-1234', '+17185551234'],
    ['(212) 555 1234', '+12125551234'],
    ['+44 20 7946 0958', '+442079460958'],
  ]
  for (const [given, e164] of good)
    it(`may be ${given}`, () => {
      assert.equal(parsePhone(given, 'US'), e164)
    })

  for (const given of [
    '',
    '123',
    '911',
    '555-1234',
    '212-555-12345',
    'call me',
    'call 212-555-1234',
    '+999 123 456 789',
  ])
    it(`may not be "${given}"`, () => {
      assert.equal(parsePhone(given, 'US'), undefined)
    })

  it('is one of the configured country when it has no country code', () => {
    assert.equal(parsePhone('020 7946 0958', 'GB'), '+442079460958')
    assert.equal(parsePhone('020 7946 0958', 'US'), undefined)
  })

  it('needs a country code when the configured country is none', () => {
    assert.equal(parsePhone('212-555-1234', 'ZZ'), undefined)
    assert.equal(parsePhone('+1 212-555-1234', 'ZZ'), '+12125551234')
  })
})

describe('the id of an object or alert', () => {
  it("fits PostgreSQL's int", () => {
    assert.deepEqual([1, 2_147_483_647].map(isIntId), [true, true])
    assert.deepEqual([0, -1, 1.5, 2_147_483_648, Number.NaN].map(isIntId), [false, false, false, false, false])
  })
})
