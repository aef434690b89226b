import assert from 'node:assert/strict'
import type { V1CronJob } from '@kubernetes/client-node'
import { describeWithCluster, testCluster } from '#internal/testing/cluster'
import { type CountingProxy, startCountingProxy } from '#internal/testing/counting-proxy'
import { type AlertSchedule, readyCondition } from '../alert-schedule.ts'
import { createCluster } from '../cluster.ts'
import { cronJobFor } from '../cron-job.ts'
import { codeOf } from '../kube.ts'
import { aTemplate } from '../testing.ts'
import { leading, type Operator, see, type TestNamespace, testNamespace } from './testing.ts'

describeWithCluster('the operator', function () {
  this.timeout(240_000)

  let place: TestNamespace
  let proxy: CountingProxy
  let operator: Operator
  before(async () => {
    place = await testNamespace()
    proxy = await startCountingProxy(await testCluster())
    operator = await place.operator('operator-1', proxy.url)
    await leading(operator)
  })
  after(async () => {
    await place?.drop()
    proxy?.stop()
  })

  const seeCronJob = (name: string, what: string, condition: (cronJob: V1CronJob) => unknown) =>
    see(`the CronJob ${name} ${what}`, async () => {
      const cronJob = await place.cronJob(name)
      return cronJob && condition(cronJob) ? cronJob : undefined
    })
  const envOf = ({ spec }: V1CronJob) => spec!.jobTemplate.spec!.template.spec!.containers[0]!.env ?? []
  const alertOf = (cronJob: V1CronJob) =>
    JSON.parse(envOf(cronJob).find(({ name }) => name === 'BELFRY_ALERT')?.value ?? '{}').alert
  const conditionOf = async (name: string) => {
    const { status, reason, message } = readyCondition((await place.schedule(name))?.status)!
    return { status, reason, message }
  }
  const reasonsOf = async (name: string) => {
    const { items } = await place.events.listNamespacedEvent({ namespace: place.namespace })
    return items.filter(({ regarding }) => regarding?.name === name).map(({ reason }) => reason)
  }
  /** The first of the name that the operator shows. */
  const metric = async (name: string) => {
    const text = await (await fetch(`${operator.url}/metrics`)).text()
    return Number(new RegExp(`^belfry_operator_${name}\\{.*\\} (\\d+)`, 'm').exec(text)?.[1])
  }

  it('makes a CronJob of an AlertSchedule and reports it', async () => {
    await place.create('new', { schedule: '30 8 * * MON-FRI', timeZone: 'Europe/Berlin' })
    const { status, metadata } = await place.settled('new')
    const cronJob = (await place.cronJob('new'))!
    assert.partialDeepStrictEqual(cronJob.spec, {
      schedule: '30 8 * * MON-FRI',
      timeZone: 'Europe/Berlin',
      suspend: false,
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 3600,
    })
    assert.equal(cronJob.metadata!.ownerReferences![0]!.uid, metadata.uid)
    assert.ok(new Date(status!.nextScheduleTime!) > new Date())
    assert.deepEqual(await see('an event', async () => (await reasonsOf('new'))[0]), 'Created')
  })

  it('follows suspend, schedule, time zone, deadline and alert', async () => {
    await place.create('changing')
    const before = await place.settled('changing')
    await place.change('changing', { suspend: true })
    await seeCronJob('changing', 'suspended', ({ spec }) => spec?.suspend)
    assert.equal((await place.settled('changing')).status!.nextScheduleTime, undefined)
    assert.equal((await conditionOf('changing')).reason, 'Suspended')
    await place.change('changing', { suspend: false })
    assert.equal((await place.settled('changing')).status!.nextScheduleTime, before.status!.nextScheduleTime)

    await place.change('changing', { timeZone: 'Asia/Kathmandu' })
    const moved = await place.settled('changing')
    assert.equal((await place.cronJob('changing'))!.spec!.timeZone, 'Asia/Kathmandu')
    assert.match(moved.status!.nextScheduleTime!, /T03:15:00Z$/)

    await place.change('changing', { schedule: '@hourly', startingDeadlineSeconds: 120 })
    await seeCronJob('changing', 'hourly', ({ spec }) => spec?.schedule === '@hourly')
    assert.equal((await place.cronJob('changing'))!.spec!.startingDeadlineSeconds, 120)

    await place.change('changing', { alert: { text: 'Other', alertAll: null, objectIds: [1, 2] } })
    const other = await seeCronJob('changing', 'with the other alert', (cronJob) => alertOf(cronJob)?.text === 'Other')
    assert.deepEqual(alertOf(other), { text: 'Other', severity: 'info', object_ids: [1, 2] })
  })

  it('puts a CronJob right that was edited by hand, and leaves alone what is not its own', async () => {
    await place.create('edited')
    await place.settled('edited')
    await place.editCronJob('edited', {
      metadata: { labels: { 'belfry.dev/alert-schedule': 'x' }, annotations: { 'example.org/note': 'mine' } },
      spec: { schedule: '* * * * *', suspend: true, concurrencyPolicy: 'Allow' },
    })
    const { metadata, spec } = await seeCronJob('edited', 'as before', ({ spec }) => spec?.schedule === '0 9 * * *')
    assert.deepEqual([spec!.suspend, spec!.concurrencyPolicy], [false, 'Forbid'])
    assert.equal(metadata!.labels!['belfry.dev/alert-schedule'], 'edited')
    assert.equal(metadata!.annotations!['example.org/note'], 'mine')
    await see('an event', async () => (await reasonsOf('edited')).includes('Updated'))
  })

  it('brings back a CronJob that was deleted by hand', async () => {
    await place.create('deleted')
    await place.settled('deleted')
    const { metadata } = (await place.cronJob('deleted'))!
    await place.batch.deleteNamespacedCronJob({ name: 'deleted', namespace: place.namespace })
    await seeCronJob('deleted', 'made anew', (cronJob) => cronJob.metadata!.uid !== metadata!.uid)
  })

  for (const policy of ['Background', 'Foreground'])
    it(`lets the CronJob go with its AlertSchedule, ${policy}`, async () => {
      const name = `gone-${policy.toLowerCase()}`
      await place.create(name)
      await place.settled(name)
      await place.remove(name, policy)
      await see('no CronJob', async () => !(await place.cronJob(name)))
      await see('no AlertSchedule', async () => !(await place.schedule(name)))
      assert.equal(await place.cronJob(name), undefined)
    })

  it('makes another CronJob for another AlertSchedule of the same name', async () => {
    await place.create('again')
    await place.settled('again')
    await place.remove('again')
    const { metadata } = await place.create('again', { schedule: '5 5 * * *' })
    await place.settled('again')
    const cronJob = await seeCronJob('again', 'new', ({ spec }) => spec?.schedule === '5 5 * * *')
    assert.equal(cronJob.metadata!.ownerReferences![0]!.uid, metadata.uid)
  })

  it("gives the server's words for a bad template, leaves the CronJob as it was, and goes on when it is mended", async () => {
    await place.create('bad')
    const before = await place.settled('bad')
    await place.change('bad', { schedule: '5-1 * * * *' })
    const { status } = await place.settled('bad', 'False')
    const { reason, message } = await conditionOf('bad')
    assert.equal(reason, 'Refused')
    assert.match(message, /spec\.schedule.*5-1/)
    assert.equal(status!.nextScheduleTime, before.status!.nextScheduleTime)
    assert.equal((await place.cronJob('bad'))!.spec!.schedule, '0 9 * * *')
    await place.change('bad', { schedule: '0 10 * * *', alert: { text: 'a\0b' } })
    await see('another reason', async () => (await conditionOf('bad')).reason === 'Invalid')
    await place.change('bad', { alert: { text: 'ab' } })
    await place.settled('bad')
    assert.equal((await place.cronJob('bad'))!.spec!.schedule, '0 10 * * *')
  })

  it("does not touch somebody else's CronJob, and takes the name once it is free", async () => {
    const container = { name: 'x', image: 'x' }
    const jobTemplate = { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } }
    const body = { metadata: { name: 'taken' }, spec: { schedule: '0 0 1 1 *', jobTemplate } }
    const { namespace } = place
    const theirs = await place.batch.createNamespacedCronJob({ namespace, body })
    await place.create('taken')
    await place.settled('taken', 'False')
    assert.equal((await conditionOf('taken')).reason, 'NameTaken')
    assert.equal((await place.cronJob('taken'))!.metadata!.resourceVersion, theirs.metadata!.resourceVersion)
    await place.batch.deleteNamespacedCronJob({ name: 'taken', namespace })
    await place.settled('taken')
  })

  it('cannot take over what it has not seen yet', async () => {
    await place.create('unseen')
    const schedule = await place.settled('unseen')
    const before = await place.cronJob('unseen')
    const cluster = createCluster(await testCluster(), { name: 'x', namespace: place.namespace })
    const apply = (isNew: boolean) => cluster.applyCronJob(cronJobFor(schedule, aTemplate()), isNew)
    await assert.rejects(apply(true), (error) => codeOf(error) === 409)
    assert.deepEqual(await place.cronJob('unseen'), before)
    assert.equal((await apply(false)).metadata!.uid, before!.metadata!.uid)
    await place.remove('unseen')
  })

  it('prints what matters in a line', async () => {
    await place.create('printed', { schedule: '0 8 * * 1', timeZone: 'Europe/Berlin', suspend: true })
    await place.settled('printed')
    const { columns, rows } = await place.table()
    const row = rows.find(([name]) => name === 'printed')!
    const shown = Object.fromEntries(columns.map((column, i) => [column, row[i]]))
    assert.match(shown.Age!, /^\d+s$/)
    assert.deepEqual(
      { ...shown, Age: '' },
      {
        Name: 'printed',
        Schedule: '0 8 * * 1',
        'Time zone': 'Europe/Berlin',
        Suspend: 'true',
        Last: 'null',
        Next: 'null',
        Ready: 'True',
        Age: '',
        Message: 'The CronJob is in place and suspended.',
      },
    )
  })

  it('writes nothing when there is nothing to write', async () => {
    await place.create('quiet')
    await place.settled('quiet')
    const before = [await place.schedule('quiet'), await place.cronJob('quiet')]
    const count = await metric('reconciles_total')
    const { metadata } = await place.editCronJob('quiet', { metadata: { annotations: { 'example.org/note': 'mine' } } })
    await see('a reconcile', async () => (await metric('reconciles_total')) > count)
    const after = [await place.schedule('quiet'), await place.cronJob('quiet')]
    assert.equal(after[0]!.metadata!.resourceVersion, before[0]!.metadata!.resourceVersion)
    assert.equal(after[1]!.metadata!.resourceVersion, metadata!.resourceVersion)
  })

  it('deals with many at once, with three requests for each', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `many-${i}`)
    proxy.take()
    for (let i = 0; i < names.length; i += 10)
      await Promise.all(names.slice(i, i + 10).map((name) => place.create(name)))
    const isReady = ({ metadata, status }: AlertSchedule) =>
      metadata.name.startsWith('many-') && readyCondition(status)?.status === 'True'
    const ready = async () => (await place.schedules()).filter(isReady).length
    await see('all to be ready', async () => (await ready()) === names.length, 90_000)
    await see('nothing to do', async () => (await metric('queue_depth')) === 0)
    const { 'patch cronjobs': cronJobs, 'patch alertschedules/status': statuses, 'post events': events } = proxy.take()
    assert.deepEqual({ cronJobs, statuses, events }, { cronJobs: 100, statuses: 100, events: 100 })
    await Promise.all(names.map((name) => place.remove(name)))
    const left = async () => {
      const { items } = await place.batch.listNamespacedCronJob({ namespace: place.namespace })
      return items.filter(({ metadata }) => metadata!.name!.startsWith('many-')).length
    }
    await see('their CronJobs to go', async () => (await left()) === 0, 90_000)
  })

  it('hands the alert to a Job when it is due, and says so', async () => {
    const text = '$(BELFRY_ALERT_KEY) costs $5, "quoted", \\ and\nnew line 🎉'
    await place.create('due', { schedule: '* * * * *', alert: { text, severity: 'critical', objectIds: [3] } })
    const due = await see('a time', async () => (await place.schedule('due'))?.status?.lastScheduleTime, 90_000)
    const { namespace } = place
    const labelSelector = 'belfry.dev/alert-schedule=due'
    const pod = await see(
      'a pod that has ended',
      async () => {
        const { items } = await place.core.listNamespacedPod({ namespace, labelSelector })
        return items.find(({ status }) => status?.phase === 'Succeeded')
      },
      90_000,
    )
    const log = await place.core.readNamespacedPodLog({ name: pod.metadata!.name!, namespace })
    const [key, json] = log.split('\n')
    assert.equal(key, `due-${Math.floor(Date.parse(due) / 60_000)}`)
    assert.deepEqual(JSON.parse(json!), {
      raised_by: 'alertschedule/due',
      alert: { text, severity: 'critical', object_ids: [3] },
    })
    const { status } = await see('a success', async () => {
      const schedule = await place.schedule('due')
      return schedule?.status?.lastSuccessfulTime && schedule
    })
    assert.ok(Date.parse(status!.nextScheduleTime!) > Date.parse(status!.lastScheduleTime!))
  })

  it('tells the Job of a time that came while suspended that it is none', async () => {
    const minuteMs = 60_000
    await place.create('resumed', { schedule: '* * * * *', suspend: true })
    const { metadata } = await place.settled('resumed')
    const made = Date.now()
    const boundary = (Math.floor(made / minuteMs) + 1) * minuteMs
    await see('a due time', () => Date.now() > boundary + 2000, 70_000)
    await place.change('resumed', { suspend: false })
    const job = await see('a Job, which Kubernetes makes for what it takes for missed', async () => {
      const labelSelector = `belfry.dev/alert-schedule=${metadata.name}`
      const { items } = await place.batch.listNamespacedJob({ namespace: place.namespace, labelSelector })
      return items.find((one) => one.metadata!.name === `resumed-${boundary / minuteMs}`)
    })
    const env = job.spec!.template.spec!.containers[0]!.env!
    const order = JSON.parse(env.find(({ name }) => name === 'BELFRY_ALERT')!.value!)
    assert.ok(new Date(order.not_before) > new Date(boundary))
  })

  it('is ready, counts, and has needed no right that it does not have', async () => {
    assert.equal((await fetch(`${operator.url}/readyz`)).status, 200)
    const metrics = async () => (await fetch(`${operator.url}/metrics`)).text()
    // What the tests before have left may still be dealt with.
    for (const line of [
      /^belfry_operator_resources\{ready="true".*\} [1-9]/m,
      /^belfry_operator_leader\{.*\} 1$/m,
      /^belfry_operator_queue_depth\{.*\} 0$/m,
    ])
      await see(String(line), async () => line.test(await metrics()))
    assert.doesNotMatch(operator.stdout, /forbidden/i)
  })
})
