import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryDirectory } from '#internal/testing/directory'
import { waitFor } from '#internal/testing/wait-for'
import {
  dashboardExpressions,
  type Expression,
  metricOf,
  ruleExpressions,
  selectorsOf,
  withVariables,
} from './expressions.ts'
import { groupsOfFiles } from './extract.ts'
import { type Load, startLoad } from './live/load.ts'
import { Prometheus } from './live/prometheus.ts'
import { type System, startSystem } from './live/system.ts'
import { programOrSkip } from './testing.ts'

/** Expressions that nothing answers: the one of a place, or all of a metric. */
interface ExpectedEmpty {
  where?: string
  metric?: string
  reason: string
  /** Empty only where there is none of this. */
  without?: 'kafka'
}

const namespace = 'belfry'
/** How long the system may take until everything has been shown, recorded and looked at. */
const patienceMs = 180_000

const expected = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'expected-empty.json'), 'utf8'),
) as ExpectedEmpty[]

/** Every selector alone, and whole what is to show something; of alerts, which say nothing when all is well, the selectors. */
function questions(): Expression[] {
  const dashboards = dashboardExpressions().map((one) => ({ ...one, expr: withVariables(one.expr, namespace, '10s') }))
  const rules = ruleExpressions(groupsOfFiles())
  const selectors = [...rules, ...dashboards].flatMap(({ where, expr }) =>
    selectorsOf(expr).map((selector) => ({ where: `${where}: ${selector}`, expr: selector })),
  )
  return [...selectors, ...dashboards, ...rules.filter(({ isAlert }) => !isAlert)]
}

describe('every expression of rules and dashboards', function () {
  this.timeout(600_000)
  let remove: () => Promise<void> = async () => undefined
  let system: System
  let prometheus: Prometheus
  let load: Load
  const isExpected = ({ where, metric, without }: ExpectedEmpty, question: Expression) =>
    (question.where === where || selectorsOf(question.expr).some((selector) => metricOf(selector) === metric)) &&
    !(without === 'kafka' && system.hasKafka)

  before(async function () {
    const program = programOrSkip(this, {
      name: 'prometheus',
      variable: 'PROMETHEUS',
      required: 'REQUIRE_PROMETHEUS',
      advice: 'scripts/install-prometheus.sh gets it; PROMETHEUS names one.',
    })
    const made = await temporaryDirectory()
    remove = made.remove
    system = await startSystem(made.directory)
    const { targets } = system
    const groups = groupsOfFiles()
    prometheus = await Prometheus.start({ program, directory: made.directory, targets, groups, namespace })
    load = await startLoad(system)
  })

  after(async () => {
    await load?.stop()
    await prometheus?.stop()
    await system?.stop()
    await remove()
  })

  /** The questions that are not answered; quantiles of nothing are no answer. */
  async function unanswered(asked: Expression[]): Promise<Expression[]> {
    const empty: Expression[] = []
    for (const question of asked) {
      const samples = await prometheus.query(question.expr)
      if (!samples.some(({ value }) => !Number.isNaN(value))) empty.push(question)
    }
    return empty
  }

  it('answers something under load, unless a reason is known', async () => {
    const all = questions()
    assert.ok(all.length > 200, 'the expressions were read')
    const known = all.filter((question) => expected.some((one) => isExpected(one, question)))
    const since = performance.now()
    let open = all.filter((question) => !known.includes(question))
    while (open.length > 0 && performance.now() - since < patienceMs) {
      await delay(1000)
      open = await unanswered(open)
    }
    const report = open.map(({ where, expr }) => `${where}\n    ${expr}`).join('\n')
    assert.equal(report, '', `nothing answers ${open.length} expressions:\n${report}\n${system.errors().join('\n')}`)

    const stillEmpty = await unanswered(known)
    const answered = known.filter((question) => !stillEmpty.includes(question))
    assert.deepEqual(answered, [], 'expected-empty.json has what is not empty')
    for (const one of expected.filter(({ without }) => !(without === 'kafka' && system.hasKafka)))
      assert.ok(
        known.some((question) => isExpected(one, question)),
        `expected-empty.json: there is no ${one.where ?? one.metric}`,
      )
  })

  it('is about alerts that do not fire while all is well', async () => {
    const firing = await prometheus.query('ALERTS{alertstate="firing"}')
    assert.deepEqual(
      firing.map(({ metric }) => metric.alertname),
      [],
    )
  })

  it('shows what fails, and alerts of it', async () => {
    const [panel] = dashboardExpressions().filter(({ where }) => where === 'Belfry / Overview: Alerts that fire')
    const fires = async (alert: string) => {
      const shown = await prometheus.query(withVariables(panel!.expr, namespace, '10s'))
      return shown.some(({ metric }) => metric.alertname === alert)
    }
    // For minutes yet before it would fire.
    const isPending = async (alert: string) =>
      (await prometheus.query(`ALERTS{alertstate="pending",alertname="${alert}"}`)).length > 0
    const shows = async () => {
      await load.fail()
      return (
        (await fires('BelfryDeadDeliveries')) &&
        (await isPending('BelfryDeliveriesFailing')) &&
        (await isPending('BelfryApiAvailabilityBurnFast'))
      )
    }
    await waitFor(shows, { what: 'the alerts', timeoutMs: patienceMs })
  })
})
