import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { Follower } from './follower.ts'
import { Session } from './session.ts'
import { Writer } from './writer.ts'

// Runs in a pod of the image: people who write to one topic and follow it, until the file `stop` appears, or for half an hour. The last
// line that it prints is the report.

const [apiUrl, pushUrl] = process.argv.slice(2) as [string, string]
const stopFile = '/tmp/stop'
const longestMs = 30 * 60_000
const writersCount = 4
const followersCount = 8
const perSecond = 5

const run = randomUUID().slice(0, 8)
const people: Session[] = []
for (let i = 0; i < followersCount; i++) people.push(await Session.register(apiUrl, `load-${run}-${i}`))
const [owner] = people as [Session]
const topic = (await owner.must('POST', '/api/v1/topics', { name: `load ${run}`, visibility: 'public' })).id
for (const person of people.slice(1)) await person.must('PUT', `/api/v1/topics/${topic}/members/me`)

const followers = people.map((person) => new Follower(pushUrl, person.token, topic))
await Promise.all(followers.map((follower) => follower.start()))
console.log('started')
const writers = people.slice(0, writersCount).map((person, i) => new Writer(person, topic, i))
let stopped = false
const writing = Promise.all(writers.map((writer) => writer.run(perSecond, () => stopped)))
for (const end = Date.now() + longestMs; Date.now() < end && !existsSync(stopFile); ) await delay(200)
stopped = true
await writing

// Everybody gets the rest.
const posted = writers.map(({ numbers }) => numbers)
const total = posted.reduce((sum, n) => sum + n, 0)
for (const end = Date.now() + 60_000; Date.now() < end && followers.some(({ count }) => count < total); )
  await delay(100)
for (const follower of followers) follower.stop()

const failures: Record<string, number> = {}
for (const writer of writers)
  for (const [what, count] of writer.failures) failures[what] = (failures[what] ?? 0) + count
const most = (numbers: number[]) => Math.round(Math.max(0, ...numbers))
console.log(
  JSON.stringify({
    topic,
    posted: total,
    failures,
    longestPostMs: most(writers.map(({ longestMs }) => longestMs)),
    missing: followers.reduce((sum, follower) => sum + follower.missing(posted), 0),
    repeated: followers.reduce((sum, { repeated }) => sum + repeated, 0),
    outOfOrder: followers.reduce((sum, { outOfOrder }) => sum + outOfOrder, 0),
    reconnects: followers.reduce((sum, { closes }) => sum + closes.length, 0),
    closeCodes: [...new Set(followers.flatMap(({ closes }) => closes))].sort(),
    longestAwayMs: most(followers.map(({ longestAwayMs }) => longestAwayMs)),
  }),
)
process.exit(0)
