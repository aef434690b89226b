import { strict as assert } from 'node:assert'
import { type Directory, type Recipient, search } from './directory.ts'
import { findPasted, isList } from './pasted.ts'

const recipient = (id: number, email: string, phone_number: string, phone_e164: string): Recipient => ({
  id,
  email,
  phone_number,
  phone_e164,
  created_at: '2026-06-01T12:00:00.000Z',
})
const recipients = [
  recipient(3, 'ann@example.com', '(212) 555-1234', '+12125551234'),
  recipient(5, 'Bob@Example.com', '+49 30 901820', '+4930901820'),
  recipient(12, 'cy@example.org', '555-0199', '+15550199'),
]
const directory: Directory = {
  recipients,
  byId: new Map(recipients.map((one) => [one.id, one])),
  isWhole: true,
}
const found = (text: string) => search(recipients, text).map(({ id }) => id)

describe('finding recipients', () => {
  it('takes every word, in address, number and id', () => {
    assert.deepEqual(found('EXAMPLE.com'), [3, 5])
    assert.deepEqual(found('example 0199'), [12])
    assert.deepEqual(found('#12'), [12])
    assert.deepEqual(found(' '), [3, 5, 12])
  })

  it('takes a pasted list of ids, addresses and numbers', () => {
    const text = 'Ann <ann@example.com>; bob@example.com\n#12'
    assert.ok(isList(text))
    assert.deepEqual(findPasted(directory, text), { ids: [3, 5, 12], unknown: [] })
    assert.deepEqual(findPasted(directory, '212 555 1234'), { ids: [3], unknown: [] })
    assert.deepEqual(findPasted(directory, '(212) 555 1234\t+49 30 901 820'), { ids: [3, 5], unknown: [] })
  })

  it('takes ids and addresses with nothing but spaces between', () => {
    assert.deepEqual(findPasted(directory, '#3 #5 #3'), { ids: [3, 5], unknown: [] })
    assert.ok(isList('ann@example.com bob@example.com'))
    assert.deepEqual(findPasted(directory, 'ann@example.com bob@example.com').ids, [3, 5])
  })

  it('takes no part of a phone number for an id', () => {
    assert.deepEqual(findPasted(directory, '+1 3 5 12'), { ids: [], unknown: ['+1 3 5 12'] })
  })

  it('takes everybody whose number it is', () => {
    const both = { ...directory, recipients: [...recipients, recipient(13, 'di@example.org', '555-0199', '+15550199')] }
    assert.deepEqual(findPasted(both, '+1 555 0199').ids, [12, 13])
  })

  it('names what it does not know', () => {
    assert.deepEqual(findPasted(directory, '3, 99, who@example.com'), { ids: [3], unknown: ['99', 'who@example.com'] })
    assert.ok(!isList('ann'))
  })
})
