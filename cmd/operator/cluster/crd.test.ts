import assert from 'node:assert/strict'
import { ApiException } from '@kubernetes/client-node'
import { describeWithCluster } from '#internal/testing/cluster'
import { wordsOf } from '../kube.ts'
import { badCrons, badZones, goodCrons, goodZones } from '../testing.ts'
import { type NewSchedule, type TestNamespace, testNamespace } from './testing.ts'

const alert = { text: 'x', severity: 'info' as const }
const ids = (count: number) => Array.from({ length: count }, (_, i) => 2_147_483_647 - i)

describeWithCluster("the API server's check of AlertSchedules", function () {
  this.timeout(180_000)

  let place: TestNamespace
  before(async () => {
    place = await testNamespace()
  })
  after(() => place?.drop())

  const tryOut = (spec: NewSchedule, name = 'a') => place.create(name, spec, { dryRun: 'All' })
  /** The server's words. */
  const refusal = async (spec: object, name?: string): Promise<string> => {
    try {
      await tryOut(spec, name)
    } catch (error) {
      if (error instanceof ApiException && error.code === 422) return wordsOf(error)
      throw error
    }
    return assert.fail(`taken: ${JSON.stringify(spec).slice(0, 200)}`)
  }

  it('takes good expressions and time zones', async () => {
    for (const schedule of goodCrons) await tryOut({ schedule })
    for (const timeZone of goodZones) await tryOut({ timeZone })
  })
  it('refuses other expressions', async () => {
    for (const schedule of badCrons) assert.match(await refusal({ schedule }), /spec\.schedule: /, schedule)
  })
  it('refuses other time zones', async () => {
    for (const timeZone of badZones) assert.match(await refusal({ timeZone }), /spec\.timeZone: /, timeZone)
  })
  it('fills in what need not be said', async () => {
    const { spec } = await tryOut({})
    assert.deepEqual(
      [spec.timeZone, spec.suspend, spec.startingDeadlineSeconds, spec.alert.severity],
      ['UTC', false, 3600, 'info'],
    )
  })
  it('takes an alert with everything, as large as can be', async () => {
    const more = { objectIds: ids(1000), escalateTo: ids(1000), acknowledgeWithinMinutes: 10_080 }
    const channels = ['inbox' as const, 'email' as const, 'sms' as const, 'webhook' as const]
    await tryOut({ alert: { ...alert, text: '🎉'.repeat(4000), ...more, channels }, startingDeadlineSeconds: 60 })
    await tryOut({}, 'a'.repeat(52))
  })

  const bad: Record<string, [spec: object, says: RegExp]> = {
    'neither objects nor all': [{ alert }, /must have either objectIds or alertAll true/],
    'alertAll false': [{ alert: { ...alert, alertAll: false } }, /must have either/],
    'objects and all': [{ alert: { ...alert, alertAll: true, objectIds: [1] } }, /must have either/],
    'no object': [{ alert: { ...alert, objectIds: [] } }, /objectIds/],
    'too many objects': [{ alert: { ...alert, objectIds: ids(1001) } }, /objectIds/],
    'an id that cannot be': [{ alert: { ...alert, objectIds: [0] } }, /objectIds\[0\]/],
    'no text': [{ alert: { severity: 'info', alertAll: true } }, /text/],
    'an empty text': [{ alert: { ...alert, text: '', alertAll: true } }, /text/],
    'a text too long': [{ alert: { ...alert, text: 'x'.repeat(4001), alertAll: true } }, /text/],
    'another severity': [{ alert: { ...alert, severity: 'bad', alertAll: true } }, /severity/],
    'another channel': [{ alert: { ...alert, alertAll: true, channels: ['pigeon'] } }, /channels\[0\]/],
    'a channel twice': [{ alert: { ...alert, alertAll: true, channels: ['sms', 'sms'] } }, /channels\[1\]/],
    'escalation without a deadline': [
      { alert: { ...alert, alertAll: true, escalateTo: [1] } },
      /escalateTo needs acknowledgeWithinMinutes/,
    ],
    'no minutes': [{ alert: { ...alert, alertAll: true, acknowledgeWithinMinutes: 0 } }, /acknowledgeWithinMinutes/],
    'too late a start': [{ startingDeadlineSeconds: 86_401 }, /startingDeadlineSeconds/],
  }
  for (const [what, [spec, says]] of Object.entries(bad))
    it(`refuses ${what}`, async () => assert.match(await refusal(spec), says))

  it('refuses a name that is too long for a CronJob', async () => {
    assert.match(await refusal({}, 'a'.repeat(53)), /at most 52 characters/)
  })
})
