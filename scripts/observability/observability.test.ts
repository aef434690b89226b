import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { load } from 'js-yaml'
import { createMetrics } from '#internal/telemetry/metrics'
import { dashboards } from './dashboards/index.ts'
import { dashboardExpressions, metricOf, ruleExpressions, selectorsOf, withVariables } from './expressions.ts'
import { groupsOfFiles, groupsOfManifests } from './extract.ts'
import { directory, generate } from './generated.ts'
import { alerts, groups } from './rules/index.ts'
import { defaults, fillIn, thresholds } from './rules/thresholds.ts'

const root = path.resolve(import.meta.dirname, '../..')
const read = (...parts: string[]) => readFileSync(path.join(root, ...parts), 'utf8')
const list = (...parts: string[]) => readdirSync(path.join(root, ...parts)).toSorted()

interface RuleTests {
  tests: { alert_rule_test?: { alertname: string; exp_alerts: unknown[] }[] }[]
}

interface Panel {
  id: number
  type: string
  title: string
  description?: string
  fieldConfig?: { defaults: { unit?: string } }
  datasource?: object
  targets?: { expr: string; datasource: object; refId: string }[]
}

describe('rules and dashboards', () => {
  it('are those that the generator makes, and no others', () => {
    const made = generate()
    const files = ['rules', 'dashboards'].flatMap((folder) =>
      list(directory, folder).map((file) => `${folder}/${file}`),
    )
    assert.deepEqual(files.toSorted(), [...made.keys()].toSorted())
    for (const [file, text] of made)
      assert.equal(read(directory, file), text, `${file} is not as generated: npm run observability`)
  })

  it('are about metrics that there are', async () => {
    const shown = (await createMetrics('test').registry.getMetricsAsJSON()).flatMap(({ name, type }) =>
      String(type) === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    )
    const recorded = groups.flatMap(({ rules }) => rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])))
    // These are Prometheus's own.
    const known = new Set([...shown, ...recorded, 'up', 'ALERTS'])
    const expressions = [
      ...ruleExpressions(groups).map((one) => ({ ...one, expr: fillIn(one.expr, { NAMESPACE: 'n', ...defaults }) })),
      ...dashboardExpressions().map((one) => ({ ...one, expr: withVariables(one.expr, 'n', '2m') })),
    ]
    assert.ok(expressions.length > 100, 'the expressions were read')
    for (const { where, expr } of expressions)
      for (const selector of selectorsOf(expr)) {
        assert.ok(known.has(metricOf(selector)), `${where}: there is no ${metricOf(selector)}`)
        assert.match(selector, /namespace="n"/, where)
      }
  })
})

describe('alerts', () => {
  it('say how urgent they are, what is wrong, and where to read on', () => {
    assert.equal(new Set(alerts.map(({ alert }) => alert)).size, alerts.length)
    for (const { alert, labels, annotations } of alerts) {
      assert.match(alert, /^Belfry[A-Z]/)
      assert.match(labels.severity, /^(critical|warning)$/)
      assert.match(annotations.summary, /^[A-Z][^{]*\.$/, alert)
      assert.match(annotations.description, /\.$/, alert)
      assert.equal(annotations.runbook_url, `%RUNBOOKS%/${alert}.md`)
    }
  })

  it('have a runbook each, with all it takes, and there is none besides', () => {
    const runbooks = list('docs/runbooks').filter((file) => file !== 'README.md')
    assert.deepEqual(runbooks, alerts.map(({ alert }) => `${alert}.md`).toSorted())
    for (const file of runbooks) {
      const headings = [...read('docs/runbooks', file).matchAll(/^(?:# (Belfry.+)|## (.+))$/gm)]
      assert.deepEqual(
        headings.map(([, title, section]) => title ?? section),
        [path.basename(file, '.md'), 'What it means', 'How to see it', 'What to do'],
      )
    }
  })

  it('have each a series that fires them and one that does not', () => {
    const folder = 'scripts/observability/rule-tests'
    const cases = list(folder).flatMap((file) =>
      (load(read(folder, file)) as RuleTests).tests.flatMap((test) => test.alert_rule_test ?? []),
    )
    for (const { alert } of alerts) {
      const own = cases.filter(({ alertname }) => alertname === alert)
      assert.ok(
        own.some(({ exp_alerts }) => exp_alerts.length > 0),
        `nothing fires ${alert}`,
      )
      assert.ok(
        own.some(({ exp_alerts }) => exp_alerts.length === 0),
        `nothing leaves ${alert} quiet`,
      )
    }
    const names = new Set(alerts.map(({ alert }) => alert))
    assert.deepEqual(
      cases.filter(({ alertname }) => !names.has(alertname)),
      [],
    )
  })

  it('use every threshold there is', () => {
    const text = JSON.stringify(groups)
    for (const name of Object.keys(thresholds)) assert.ok(text.includes(`%${name}%`), name)
  })

  it('are found among manifests, as in the files', () => {
    const spec = { groups: groupsOfFiles() }
    const manifests = ['kind: Service\n', `kind: PrometheusRule\nspec: ${JSON.stringify(spec)}\n`, '']
    assert.deepEqual(groupsOfManifests(manifests.join('---\n')), spec.groups)
    assert.deepEqual(
      spec.groups.flatMap(({ rules }) => rules.flatMap((rule) => ('alert' in rule ? [rule.alert] : []))).toSorted(),
      alerts.map(({ alert }) => alert).toSorted(),
    )
    assert.throws(() => groupsOfManifests('kind: Service\n'), /no PrometheusRule/)
    assert.doesNotMatch(JSON.stringify(spec), /%[A-Za-z]+%/)
  })
})

describe('dashboards', () => {
  for (const [file, dashboard] of Object.entries(dashboards)) {
    const panels = (dashboard.panels ?? []) as unknown as Panel[]
    const shown = panels.filter(({ type }) => type !== 'row')

    it(`${file} has a fixed uid, the variables, and panels that explain themselves`, () => {
      assert.equal(`${dashboard.uid}.json`, file)
      assert.deepEqual([dashboard.editable, dashboard.tags], [false, ['belfry']])
      assert.deepEqual(
        dashboard.templating?.list?.map(({ name }) => name),
        ['datasource', 'namespace'],
      )
      assert.deepEqual(new Set(panels.map(({ id }) => id)).size, panels.length)
      assert.ok(shown.length >= 10)
      for (const { title, description, fieldConfig, targets } of shown) {
        assert.ok(title && description?.endsWith('.'), title)
        assert.ok(fieldConfig?.defaults.unit, title)
        assert.ok(targets?.length, title)
        assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title)
        assert.equal(targets[0]!.refId, 'A', title)
      }
    })

    it(`${file} asks the chosen data source, and rates over its interval`, () => {
      for (const { title, datasource, targets = [] } of shown)
        for (const target of targets) {
          assert.deepEqual(target.datasource, { type: 'prometheus', uid: '$' + '{datasource}' }, title)
          assert.deepEqual(datasource, target.datasource, title)
          assert.doesNotMatch(target.expr.replaceAll('[$__rate_interval]', ''), /\brate\([^[]*\[/, title)
        }
    })
  }
})
