import assert from 'node:assert/strict'
import type { V1CronJob } from '@kubernetes/client-node'
import { cronJobFor } from './cron-job.ts'
import { type Outcome, statusOf } from './status.ts'
import { aSchedule, aTemplate, type Changes } from './testing.ts'

const now = new Date('2026-06-01T10:00:00.500Z')
const done: Outcome = { ready: true, reason: 'Applied', message: 'in place' }
const refused: Outcome = { ready: false, reason: 'Refused', message: 'no' }

const cronJobOf = (changes: Changes = {}, status: object = {}): V1CronJob => ({
  ...cronJobFor(aSchedule(changes), aTemplate()),
  status,
})

describe('the status of an AlertSchedule', () => {
  it('says what was applied, and when it runs next', () => {
    const schedule = aSchedule({ metadata: { generation: 3 } })
    assert.deepEqual(statusOf(schedule, cronJobOf(), done, now), {
      observedGeneration: 3,
      nextScheduleTime: '2026-06-02T09:00:00Z',
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          observedGeneration: 3,
          lastTransitionTime: '2026-06-01T10:00:00Z',
          reason: 'Applied',
          message: 'in place',
        },
      ],
    })
  })

  it('has the times of the CronJob, whether they are Dates or strings', () => {
    const lastScheduleTime = new Date('2026-06-01T09:00:00Z')
    const lastSuccessfulTime = '2026-06-01T09:00:05Z'
    const status = statusOf(aSchedule(), cronJobOf({}, { lastScheduleTime, lastSuccessfulTime }), done, now)
    assert.deepEqual(
      [status.lastScheduleTime, status.lastSuccessfulTime],
      ['2026-06-01T09:00:00Z', '2026-06-01T09:00:05Z'],
    )
  })

  it('remembers them when the CronJob was made anew', () => {
    const before = { lastScheduleTime: '2026-06-01T09:00:00Z', lastSuccessfulTime: '2026-06-01T09:00:05Z' }
    assert.partialDeepStrictEqual(statusOf(aSchedule({ status: before }), cronJobOf(), done, now), before)
  })

  it('has no next time while suspended', () => {
    const spec = { suspend: true }
    assert.equal(statusOf(aSchedule({ spec }), cronJobOf({ spec }), done, now).nextScheduleTime, undefined)
  })

  it('has the next time of the CronJob that is there, while another one is refused', () => {
    const schedule = aSchedule({ spec: { schedule: '5-1 * * * *' } })
    assert.equal(statusOf(schedule, cronJobOf(), refused, now).nextScheduleTime, '2026-06-02T09:00:00Z')
    assert.equal(statusOf(schedule, undefined, refused, now).nextScheduleTime, undefined)
  })

  it('keeps the time of the transition until there is one', () => {
    const first = statusOf(aSchedule(), cronJobOf(), done, now)
    const later = new Date('2026-06-01T11:00:00Z')
    const transition = (outcome: Outcome) =>
      statusOf(aSchedule({ status: first }), cronJobOf(), outcome, later).conditions![0]!.lastTransitionTime
    assert.equal(transition(done), '2026-06-01T10:00:00Z')
    assert.equal(transition({ ...done, reason: 'Suspended' }), '2026-06-01T10:00:00Z')
    assert.equal(transition(refused), '2026-06-01T11:00:00Z')
  })

  it('is the same again when nothing has changed', () => {
    const first = statusOf(aSchedule(), cronJobOf(), done, now)
    const later = new Date('2026-06-01T11:00:00Z')
    assert.deepEqual(statusOf(aSchedule({ status: first }), cronJobOf(), done, later), first)
  })
})
