import assert from 'node:assert/strict'
import { ApiException, type V1CronJob } from '@kubernetes/client-node'
import { silentLog } from '#internal/telemetry/log'
import { type AlertSchedule, type AlertScheduleStatus, readyCondition } from './alert-schedule.ts'
import type { EventNote } from './cluster.ts'
import { cronJobFor } from './cron-job.ts'
import { Reconciler } from './reconcile.ts'
import { aSchedule, aTemplate, type Changes } from './testing.ts'

const apiError = (code: number, message: string) => new ApiException(code, '', JSON.stringify({ message }), {})

/** What is decided and written, without an API server: operator.cluster.test.ts has one. */
describe('a reconcile', () => {
  let now: Date
  /** What the copies show. */
  let schedule: AlertSchedule | undefined
  let cronJob: V1CronJob | undefined
  /** What the next apply does. */
  let apply: (body: V1CronJob, isNew: boolean) => V1CronJob
  let statusError: unknown
  let applied: V1CronJob[]
  let statuses: AlertScheduleStatus[]
  let events: EventNote[]
  let reconciler: Reconciler

  const made = (body: V1CronJob, metadata: object = {}): V1CronJob => ({
    ...body,
    metadata: { ...body.metadata, uid: 'cron-1', generation: 1, ...metadata },
  })
  const newReconciler = () =>
    new Reconciler({
      schedules: { get: () => schedule },
      cronJobs: { get: () => cronJob },
      cluster: {
        async applyCronJob(body, isNew) {
          const result = apply(body, isNew)
          applied.push(result)
          return result
        },
        async applyStatus(_, status) {
          if (statusError) throw statusError
          statuses.push(status)
        },
        async createEvent(_, event) {
          events.push(event)
        },
      },
      template: aTemplate(),
      clock: { now: () => now },
      logger: silentLog,
    })
  beforeEach(() => {
    now = new Date('2026-06-01T10:00:00Z')
    schedule = aSchedule()
    cronJob = undefined
    apply = (body) => made(body)
    statusError = undefined
    applied = []
    statuses = []
    events = []
    reconciler = newReconciler()
  })

  const reconcile = () => reconciler.reconcile('drill')
  /** The copies have come to show what was written. */
  const copiesArrive = (changes: Changes = {}) => {
    const status = statuses.at(-1)
    schedule = aSchedule({
      ...changes,
      metadata: { resourceVersion: '101', ...changes.metadata },
      ...(status && { status }),
    })
    cronJob = applied.at(-1)
  }
  const condition = () => {
    const { status, reason, message } = readyCondition(statuses.at(-1))!
    return [status, reason, message]
  }

  it('makes the CronJob and says so', async () => {
    await reconcile()
    assert.equal(applied[0]!.metadata!.name, 'drill')
    assert.deepEqual(condition(), ['True', 'Applied', 'The CronJob is in place.'])
    assert.deepEqual(events, [{ type: 'Normal', reason: 'Created', note: 'CronJob drill was made.' }])
  })

  it('writes no status and no event the second time, with copies new or old', async () => {
    await reconcile()
    now = new Date('2026-06-01T10:00:05Z')
    await reconcile()
    copiesArrive()
    await reconcile()
    assert.deepEqual([statuses.length, events.length, applied.length], [1, 1, 2])
  })

  const edits: Record<string, object> = {
    'spec was edited': { generation: 2 },
    'labels were edited': { labels: {} },
    'annotations were edited': { annotations: { 'belfry.dev/not-before': 'x' } },
    'place was taken by another': { uid: 'cron-9' },
  }
  for (const [what, metadata] of Object.entries(edits))
    it(`brings the CronJob in line when its ${what}`, async () => {
      await reconcile()
      copiesArrive()
      cronJob = made(cronJob!, metadata)
      await reconcile()
      assert.equal(applied.length, 2)
    })

  it('asks for all again when the copies are not to be trusted', async () => {
    await reconcile()
    copiesArrive()
    reconciler.distrust()
    await reconcile()
    await reconcile()
    assert.equal(applied.length, 2)
  })

  it('takes nothing of that name for its own when it knows of no CronJob, and looks again', async () => {
    const asNew: boolean[] = []
    apply = (body, isNew) => {
      asNew.push(isNew)
      if (asNew.length === 1) throw apiError(409, 'the object has been modified')
      return made(body)
    }
    await assert.rejects(reconcile(), ApiException)
    assert.deepEqual([statuses, events], [[], []])
    await reconcile()
    await reconcile()
    assert.deepEqual(asNew, [true, true, false])
  })

  it('writes nothing when another operator has done it', async () => {
    await reconcile()
    copiesArrive()
    reconciler = newReconciler()
    await reconcile()
    assert.deepEqual([statuses.length, events.length], [1, 1])
  })

  it('says when it has put a CronJob right that was edited or deleted', async () => {
    await reconcile()
    copiesArrive()
    cronJob = made(cronJob!, { generation: 2 })
    apply = (body) => made(body, { generation: 3 })
    await reconcile()
    assert.deepEqual(events.at(-1), { type: 'Normal', reason: 'Updated', note: 'CronJob drill was brought in line.' })
    cronJob = undefined
    apply = (body) => made(body, { uid: 'cron-2' })
    await reconcile()
    assert.equal(events.at(-1)!.reason, 'Created')
    assert.deepEqual([events.length, statuses.length], [3, 1])
  })

  it('follows the times of the CronJob', async () => {
    await reconcile()
    copiesArrive()
    now = new Date('2026-06-02T09:00:01Z')
    cronJob = { ...cronJob!, status: { lastScheduleTime: new Date('2026-06-02T09:00:00Z') } }
    await reconcile()
    assert.partialDeepStrictEqual(statuses.at(-1), {
      lastScheduleTime: '2026-06-02T09:00:00Z',
      nextScheduleTime: '2026-06-03T09:00:00Z',
    })
    assert.equal(applied.length, 1, 'which is as it was made')
  })

  it('does not move the time of a change while the copy is old', async () => {
    await reconcile()
    copiesArrive({ metadata: { generation: 2 }, spec: { schedule: '0 8 * * *' } })
    apply = (body) => made(body, { generation: 2 })
    await reconcile()
    now = new Date('2026-06-01T10:00:05Z')
    await reconcile()
    const times = applied.map(({ metadata }) => metadata!.annotations?.['belfry.dev/not-before'])
    assert.deepEqual(times, [undefined, '2026-06-01T10:00:00.000Z', '2026-06-01T10:00:00.000Z'])
  })

  it('says that it is suspended', async () => {
    schedule = aSchedule({ spec: { suspend: true } })
    await reconcile()
    assert.equal(applied[0]!.spec!.suspend, true)
    assert.deepEqual(condition().slice(0, 2), ['True', 'Suspended'])
  })

  it('does nothing for one that is gone or going', async () => {
    schedule = undefined
    await reconcile()
    schedule = aSchedule({ metadata: { deletionTimestamp: now } })
    await reconcile()
    assert.deepEqual([applied, statuses], [[], []])
  })

  it("gives the server's words for what it refuses, once, and does not try again", async () => {
    apply = () => {
      throw apiError(422, 'CronJob.batch "drill" is invalid: spec.schedule: beginning of range beyond end')
    }
    await reconcile()
    copiesArrive()
    await reconcile()
    assert.deepEqual(condition(), [
      'False',
      'Refused',
      'CronJob.batch "drill" is invalid: spec.schedule: beginning of range beyond end',
    ])
    assert.deepEqual([statuses.length, events.length, events[0]!.type], [1, 1, 'Warning'])
  })

  it('says what may pass, and is tried again', async () => {
    apply = () => {
      throw apiError(403, 'exceeded quota')
    }
    await assert.rejects(reconcile(), ApiException)
    assert.deepEqual(condition(), ['False', 'Failed', 'exceeded quota'])
    copiesArrive()
    apply = (body) => made(body)
    await reconcile()
    assert.equal(condition()[0], 'True')
  })

  it('is tried again when the status cannot be written', async () => {
    statusError = apiError(500, 'no')
    await assert.rejects(reconcile())
    statusError = undefined
    await reconcile()
    assert.equal(condition()[0], 'True')
  })

  for (const code of [404, 409])
    it(`does not mind that it is gone when the status is written, ${code}`, async () => {
      statusError = apiError(code, 'gone')
      await reconcile()
      assert.deepEqual([applied.length, events.length], [1, 1])
    })

  it('leaves the CronJob as it is when the API would not take the alert', async () => {
    await reconcile()
    copiesArrive({ metadata: { generation: 2 }, spec: { alert: { text: '\0', severity: 'info', alertAll: true } } })
    await reconcile()
    assert.deepEqual(condition().slice(0, 2), ['False', 'Invalid'])
    assert.equal(statuses.at(-1)!.nextScheduleTime, '2026-06-02T09:00:00Z')
    assert.equal(applied.length, 1)
  })

  it('touches no CronJob of another owner', async () => {
    cronJob = made(cronJobFor(aSchedule({ metadata: { uid: 'uid-0' } }), aTemplate()))
    await reconcile()
    assert.deepEqual([applied.length, condition().slice(0, 2)], [0, ['False', 'NameTaken']])
    assert.equal(statuses.at(-1)!.nextScheduleTime, undefined)
  })
})
