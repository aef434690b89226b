import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { cronJobFor, isOwn, notBeforeOf, orderOf, problemOf, readJobTemplate } from './cron-job.ts'
import { aSchedule, aTemplate } from './testing.ts'

const containerOf = (...args: Parameters<typeof cronJobFor>) =>
  cronJobFor(...args).spec!.jobTemplate.spec!.template.spec!.containers[0]!

describe('the CronJob of an AlertSchedule', () => {
  it('has its name, its times and its owner', () => {
    const spec = { schedule: '30 8 * * MON', timeZone: 'Europe/Berlin', suspend: true, startingDeadlineSeconds: 120 }
    const { metadata, spec: made } = cronJobFor(aSchedule({ spec }), aTemplate())
    assert.partialDeepStrictEqual(made, { ...spec, concurrencyPolicy: 'Forbid' })
    assert.deepEqual([metadata!.name, metadata!.namespace], ['drill', 'belfry'])
    assert.deepEqual(metadata!.ownerReferences, [
      {
        apiVersion: 'belfry.dev/v1alpha1',
        kind: 'AlertSchedule',
        name: 'drill',
        uid: 'uid-1',
        controller: true,
        blockOwnerDeletion: true,
      },
    ])
  })

  it('has the labels of the template, and its name on the CronJob, its Jobs and their pods', () => {
    const { metadata, spec } = cronJobFor(aSchedule(), aTemplate())
    const own = { 'belfry.dev/alert-schedule': 'drill' }
    const instance = { 'app.kubernetes.io/instance': 'belfry' }
    assert.deepEqual(metadata!.labels, { ...instance, ...own, 'app.kubernetes.io/managed-by': 'belfry-operator' })
    assert.partialDeepStrictEqual(spec!.jobTemplate.metadata!.labels, { ...instance, ...own })
    const pod = spec!.jobTemplate.spec!.template.metadata!.labels
    assert.deepEqual(pod, { 'app.kubernetes.io/component': 'scheduler', ...own })
  })

  it('keeps what the template says, and gives its first container the alert and the key', () => {
    const template = aTemplate()
    const [first] = template.spec!.template.spec!.containers
    first!.env!.push({ name: 'BELFRY_ALERT', value: 'old' })
    template.spec!.template.spec!.containers.push({ name: 'other' })
    const before = structuredClone(template)
    const { spec } = cronJobFor(aSchedule(), template)
    assert.equal(spec!.jobTemplate.spec!.backoffLimit, 2)
    assert.equal(spec!.jobTemplate.spec!.activeDeadlineSeconds, 3600)
    const [container, other] = spec!.jobTemplate.spec!.template.spec!.containers
    assert.deepEqual(other, { name: 'other' })
    assert.equal(container!.image, 'belfry/belfry:1')
    assert.deepEqual(
      container!.env!.map(({ name }) => name),
      ['BELFRY_DATABASE_URL', 'BELFRY_ALERT', 'BELFRY_ALERT_KEY'],
    )
    assert.equal(container!.env![2]!.valueFrom!.fieldRef!.fieldPath, "metadata.labels['batch.kubernetes.io/job-name']")
    assert.deepEqual(template, before, 'the template is for all')
  })

  it('carries the alert in the words of the API', () => {
    const alert = {
      text: 'Fire',
      severity: 'critical' as const,
      objectIds: [1, 2],
      channels: ['sms' as const],
      acknowledgeWithinMinutes: 15,
      escalateTo: [7],
    }
    assert.deepEqual(JSON.parse(containerOf(aSchedule({ spec: { alert } }), aTemplate()).env![1]!.value!), {
      raised_by: 'alertschedule/drill',
      alert: {
        text: 'Fire',
        severity: 'critical',
        object_ids: [1, 2],
        channels: ['sms'],
        acknowledge_within_minutes: 15,
        escalate_to: [7],
      },
    })
  })

  it('has nothing in it that Kubernetes would replace', () => {
    const text = 'pay $5 to $(BELFRY_DATABASE_URL), $$(HOME) and $$'
    const order = orderOf(aSchedule({ spec: { alert: { text, severity: 'info', alertAll: true } } }))
    assert.ok(!order.includes('$'))
    assert.equal(JSON.parse(order).alert.text, text)
  })

  it('fits into a variable at its largest', () => {
    const ids = Array.from({ length: 1000 }, (_, i) => 2_147_482_000 + i)
    const alert = { text: '\u0001'.repeat(4000), severity: 'critical' as const, objectIds: ids, escalateTo: ids }
    // Linux takes 128 KiB.
    assert.ok(Buffer.byteLength(`BELFRY_ALERT=${orderOf(aSchedule({ spec: { alert } }))}`) < 128 * 1024)
  })
})

describe('since when a CronJob has its times', () => {
  const now = new Date('2026-06-01T09:30:00.000Z')
  const later = new Date('2026-06-02T00:00:00.000Z')
  const changed = (spec: Parameters<typeof aSchedule>[0] = {}, before = cronJobFor(aSchedule(), aTemplate())) =>
    notBeforeOf(before, aSchedule(spec), now)

  it('is not said of a new one, nor where other things change', () => {
    assert.equal(notBeforeOf(undefined, aSchedule(), now), undefined)
    assert.equal(changed(), undefined)
    assert.equal(changed({ spec: { startingDeadlineSeconds: 60 } }), undefined)
  })
  it('is the change of schedule, time zone or suspension', () => {
    for (const spec of [{ schedule: '0 8 * * *' }, { timeZone: 'Asia/Kathmandu' }, { suspend: true }])
      assert.equal(changed({ spec }), now.toISOString())
    const suspended = cronJobFor(aSchedule({ spec: { suspend: true } }), aTemplate())
    assert.equal(changed({}, suspended), now.toISOString())
  })
  it('stays until the next one, and goes to the job', () => {
    const made = cronJobFor(aSchedule(), aTemplate(), now.toISOString())
    assert.equal(notBeforeOf(made, aSchedule(), later), now.toISOString())
    const env = made.spec!.jobTemplate.spec!.template.spec!.containers[0]!.env!
    assert.equal(JSON.parse(env[1]!.value!).not_before, now.toISOString())
    assert.equal(notBeforeOf(made, aSchedule({ spec: { suspend: true } }), later), later.toISOString())
  })
})

describe('the check of an alert', () => {
  const problem = (alert: object) =>
    problemOf(aSchedule({ spec: { alert: { text: 'x', severity: 'info', alertAll: true, ...alert } } }))

  it('finds nothing wrong with one that the API takes', () => {
    assert.equal(problem({ acknowledgeWithinMinutes: 5, escalateTo: [1], channels: ['email', 'sms'] }), undefined)
  })
  it('says by field what the API would refuse', () => {
    assert.match(problem({ text: 'a\0b' })!, /^spec\.alert\.text must not contain NUL/)
    assert.match(problem({ alertAll: false })!, /^spec\.alert\.objectIds must name an object/)
    assert.match(problem({ escalateTo: [1] })!, /^spec\.alert\.escalateTo needs/)
  })
})

describe('whose a CronJob is', () => {
  const cronJob = cronJobFor(aSchedule(), aTemplate())
  it("is told by the owner's uid", () => {
    assert.equal(isOwn(cronJob, aSchedule()), true)
    assert.equal(isOwn(cronJob, aSchedule({ metadata: { uid: 'uid-2' } })), false)
    assert.equal(isOwn({ ...cronJob, metadata: { name: 'drill' } }, aSchedule()), false)
  })
})

describe('the file with the template', () => {
  let directory: string
  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'belfry-test-'))
  })
  after(() => rm(directory, { recursive: true }))
  const read = async (text: string, image?: string) => {
    const file = path.join(directory, 'template.yaml')
    await writeFile(file, text)
    return readJobTemplate(file, image)
  }

  it('is YAML or JSON', async () => {
    const yaml = 'spec:\n  template:\n    spec:\n      containers:\n        - {name: raise}\n'
    assert.equal((await read(yaml)).spec!.template.spec!.containers[0]!.name, 'raise')
    assert.deepEqual(await read(JSON.stringify(aTemplate())), aTemplate())
  })
  it('is used with another image where one is given, for all that had that of the first container', async () => {
    const template = aTemplate()
    const pod = template.spec!.template.spec!
    pod.initContainers = [{ name: 'wait', image: 'belfry/belfry:1' }]
    pod.containers.push({ name: 'proxy', image: 'proxy:2' })
    const { initContainers, containers } = (await read(JSON.stringify(template), 'belfry:dev')).spec!.template.spec!
    assert.deepEqual(
      [...initContainers!, ...containers].map(({ image }) => image),
      ['belfry:dev', 'belfry:dev', 'proxy:2'],
    )
  })
  it('is complained about in a plain line', async () => {
    await assert.rejects(readJobTemplate(path.join(directory, 'none')), /^PlainError: .*none cannot be read \(ENOENT\)/)
    await assert.rejects(read('a: ['), /neither YAML nor JSON/)
    for (const text of ['spec: {}', '{}', '[1]']) await assert.rejects(read(text), /has no spec.template/)
  })
})
