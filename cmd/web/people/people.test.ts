import assert from 'node:assert/strict'
import type { Friend, Status } from '../api/views.ts'
import { withFriend } from './friends.ts'
import { peopleSections } from './people-list.ts'
import { isMeant } from './person.ts'
import { pickable } from './pickable.ts'
import { reduceStatus, statusAt } from './status.ts'

const person = (username: string, first_name: string | null = null, last_name: string | null = null) => ({
  username,
  first_name,
  last_name,
})
const friend = (username: string, state: Friend['state'] = 'friend', since = '2026-01-01T00:00:00.000Z'): Friend => ({
  ...person(username),
  state,
  since,
})
const names = (people: { username: string }[]) => people.map(({ username }) => username)

describe('who is meant by what is typed', () => {
  const ada = person('ada.l', 'Ada', 'King of Lovelace')
  it('has each word somewhere in the username, or at the beginning of a word of the name', () => {
    for (const typed of ['', 'DA.', 'ada love', 'lovelace a', 'of']) assert.equal(isMeant(ada, typed), true, typed)
    for (const typed of ['dax', 'ada bob', 'elace']) assert.equal(isMeant(ada, typed), false, typed)
  })
})

describe('the list of people', () => {
  const friends = [
    friend('amy', 'requested'),
    friend('ann', 'asked', '2026-01-03T00:00:00.000Z'),
    friend('art', 'asked', '2026-01-02T00:00:00.000Z'),
    friend('bob'),
  ]
  const sections = (typed: string, accounts = [person('anton'), person('ann'), person('me')]) => {
    const { asked, friends: near, requested, others } = peopleSections({ friends, accounts, me: 'me' }, typed)
    return [asked, near, requested, others].map(names)
  }

  it('has who waits longest first, then friends, then who was asked', () => {
    assert.deepEqual(sections('', []), [['art', 'ann'], ['bob'], ['amy'], []])
  })

  it('has others only where they are neither known already nor oneself', () => {
    assert.deepEqual(sections('an'), [['ann'], [], [], ['anton']])
  })

  it('keeps the order of usernames when somebody becomes a friend, and loses who is none any more', () => {
    assert.deepEqual(names(withFriend(friends, 'Ben', friend('Ben'))), ['amy', 'ann', 'art', 'Ben', 'bob'])
    assert.deepEqual(names(withFriend(friends, 'bob', undefined)), ['amy', 'ann', 'art'])
    assert.equal(withFriend(friends, 'ann', friend('ann')).find(({ username }) => username === 'ann')!.state, 'friend')
  })
})

describe('whom one may pick', () => {
  it('is friends first, then who is called like that, then who has it in the name; nobody twice', () => {
    const friends = [friend('bianca'), friend('ian', 'asked')]
    const accounts = [person('brian'), person('bianca'), person('ian'), person('me.ian')]
    const { near, far } = pickable({ friends, accounts, typed: 'ian', me: 'me.ian' })
    assert.deepEqual([names(near), names(far)], [['bianca'], ['ian', 'brian']])
  })
})

describe('a status', () => {
  const known: Status = { status: 'at sea', expires_at: '2026-01-02T00:00:00.000Z' }
  const told = (event: string, data: object) =>
    reduceStatus(known, { event, data, position: 1, scope: '', at: '' }, 'Ada')

  it('is what the newest event says of that account, whatever the case of its name', () => {
    const next = { status: 'back', expires_at: '2026-01-03T00:00:00.000Z' }
    assert.deepEqual(told('status.set', { username: 'ada', ...next }), next)
    assert.deepEqual(told('status.expired', { username: 'ADA', status: null, expires_at: null }), {
      status: null,
      expires_at: null,
    })
    assert.equal(told('status.set', { username: 'bob', ...next }), known)
    assert.equal(told('message.posted', { username: 'ada' }), known)
  })

  it('is none once it is over, though nobody has said so', () => {
    assert.deepEqual(statusAt(known, new Date('2026-01-01T23:59:59Z')), { text: 'at sea', endsAt: known.expires_at })
    assert.equal(statusAt(known, new Date('2026-01-02T00:00:00Z')), undefined)
    assert.equal(statusAt({ status: null, expires_at: null }, new Date()), undefined)
  })
})
