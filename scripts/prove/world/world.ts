import type { Random } from '../random.ts'
import { Caller } from './caller.ts'

export interface Person {
  id: number
  name: string
  token: string
  role: 'admin' | 'dispatcher' | 'member'
}

export interface Room {
  id: number
  kind: 'topic' | 'group' | 'direct'
  isPublic: boolean
  /** Index of the account that may invite and remove. */
  owner: number
  /** Indexes of the accounts that are in it all the time, the owner among them. */
  stable: number[]
  /** Indexes of the accounts that come and go. */
  churners: number[]
}

export interface Thing {
  id: number
  token: string
  /** Milliseconds since the start at which its creation was asked for and answered. */
  sentAt: number
  answeredAt: number
  /** Whether a client of its own has its inbox open. */
  attended: boolean
}

/** Somebody became a member, or none any more; times as above. */
export interface Step {
  account: number
  room: number
  kind: 'joined' | 'left'
  sentAt: number
  answeredAt: number
}

/** Everything that writers and followers work on. Plain data: it is sent to their processes. */
export interface World {
  /** Milliseconds since the epoch; every other time counts from here. */
  startedAt: number
  seed: number
  /** Where recordings are kept. */
  directory: string
  apiPorts: number[]
  pushPorts: number[]
  people: Person[]
  rooms: Room[]
  things: Thing[]
}

export const sinceStart = ({ startedAt }: Pick<World, 'startedAt'>): number => Date.now() - startedAt

const people = 40
const churning = 8
const things = 24
const unattended = 4
const password = 'a password that all of them have'

type Place = Pick<World, 'startedAt' | 'seed' | 'directory' | 'apiPorts' | 'pushPorts'>

/** Makes the accounts, conversations and objects of a run, by the API. */
export async function makeWorld(place: Place, random: Random): Promise<World> {
  const caller = new Caller(place)
  const world: World = { ...place, people: [], rooms: [], things: [] }
  await makePeople(world, caller)
  await makeRooms(world, caller, random)
  for (let i = 0; i < things; i++) world.things.push(await makeThing(world, caller, `thing-${i}`, i >= unattended))
  return world
}

async function makePeople(world: World, caller: Caller): Promise<void> {
  const register = async (i: number) => {
    const name = `person${i}`
    const { id } = await caller.must({ method: 'POST', path: '/api/v1/accounts', body: { username: name, password } })
    const { token } = await caller.must({
      method: 'POST',
      path: '/api/v1/sessions',
      body: { username: name, password },
    })
    world.people[i] = { id, name, token, role: i === 0 ? 'admin' : i <= 2 ? 'dispatcher' : 'member' }
  }
  // The first account of an installation is its admin.
  await register(0)
  for (let i = 1; i < people; i += 4)
    await Promise.all([i, i + 1, i + 2, i + 3].filter((each) => each < people).map(register))
  const [{ token }] = world.people as [Person]
  for (const { name, role } of world.people)
    if (role === 'dispatcher')
      await caller.must({ method: 'PATCH', path: `/api/v1/accounts/${name}`, token, body: { role } })
}

async function makeRooms(world: World, caller: Caller, random: Random): Promise<void> {
  const all = world.people.map((_, i) => i)
  const settled = all.slice(0, people - churning)
  const comers = all.slice(people - churning)
  const add = async (room: Omit<Room, 'id'>) => {
    world.rooms.push({ ...room, id: await openRoom(world, caller, room, world.rooms.length) })
  }
  for (let i = 0; i < 18; i++) {
    const stable = random.sample(settled, 2 + Math.floor(random.next() * 3))
    await add({ kind: 'topic', isPublic: i < 10, owner: stable[0]!, stable, churners: random.sample(comers, 3) })
  }
  for (let i = 0; i < 8; i++) {
    const stable = random.sample(all, 3 + Math.floor(random.next() * 2))
    await add({ kind: 'group', isPublic: false, owner: stable[0]!, stable, churners: [] })
  }
  const pairs = new Set<string>()
  while (pairs.size < 14) {
    const stable = random.sample(all, 2).sort((a, b) => a - b)
    if (pairs.has(stable.join())) continue
    pairs.add(stable.join())
    await add({ kind: 'direct', isPublic: false, owner: stable[0]!, stable, churners: [] })
  }
}

async function openRoom(world: World, caller: Caller, room: Omit<Room, 'id'>, n: number): Promise<number> {
  const { token } = world.people[room.owner]!
  const names = room.stable.slice(1).map((i) => world.people[i]!.name)
  if (room.kind !== 'topic') {
    const body = room.kind === 'group' ? { members: names, name: `group ${n}` } : { members: names }
    return (await caller.must({ method: 'POST', path: '/api/v1/conversations', token, body })).id
  }
  const body = { name: `topic ${n}`, visibility: room.isPublic ? 'public' : 'private' }
  const { id } = await caller.must({ method: 'POST', path: '/api/v1/topics', token, body })
  for (const i of room.stable.slice(1)) await letIn(world, caller, { ...room, id }, i)
  return id
}

/** Makes an account a member of a topic: by itself of a public one, by invitation of a private one. */
export async function letIn(world: World, caller: Caller, room: Room, account: number): Promise<void> {
  const { token, name } = world.people[account]!
  if (room.isPublic) {
    await caller.must({ method: 'PUT', path: `/api/v1/topics/${room.id}/members/me`, token })
    return
  }
  const path = `/api/v1/topics/${room.id}/invitations`
  const owner = world.people[room.owner]!.token
  const invitation = await caller.must({ method: 'POST', path, token: owner, body: { username: name } })
  await caller.must({ method: 'POST', path: `/api/v1/invitations/${invitation.id}/accept`, token })
}

/**
 * A new object with the token of its inbox. An attempt at the token that had no answer may happen later, and end the token that a
 * later attempt got: such an object has no client.
 */
export async function makeThing(world: World, caller: Caller, name: string, attended: boolean): Promise<Thing> {
  const { token } = world.people[0]!
  const body = { email: `${name}@example.com`, phone_number: '212-555-1234' }
  const sentAt = sinceStart(world)
  const { id } = await caller.must({ method: 'POST', path: '/api/v1/objects', token, body })
  const answeredAt = sinceStart(world)
  const inbox = await caller.answer({ method: 'POST', path: `/api/v1/objects/${id}/inbox-token`, token })
  return { id, token: inbox.body.token, sentAt, answeredAt, attended: attended && !inbox.repeated }
}
