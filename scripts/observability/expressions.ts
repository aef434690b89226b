import { parser } from '@prometheus-io/lezer-promql'
import { dashboards } from './dashboards/index.ts'
import type { Group } from './rules/index.ts'

/** An expression of PromQL and where it stands, for people. */
export interface Expression {
  where: string
  expr: string
}

export const ruleExpressions = (groups: readonly Group[]): (Expression & { isAlert: boolean })[] =>
  groups.flatMap(({ rules }) =>
    rules.map((rule) =>
      'alert' in rule
        ? { where: `alert ${rule.alert}`, expr: rule.expr, isAlert: true }
        : { where: `record ${rule.record} of ${rule.labels?.slo}`, expr: rule.expr, isAlert: false },
    ),
  )

/** Every query of every panel, as it is written, with Grafana's variables. */
export function dashboardExpressions(): Expression[] {
  return Object.values(dashboards).flatMap(({ title, panels = [] }) =>
    panels.flatMap((panel) => {
      const { title: name, targets = [] } = panel as { title?: string; targets?: { expr?: string }[] }
      return targets.map(({ expr = '' }) => ({ where: `${title}: ${name}`, expr }))
    }),
  )
}

/** What Grafana does with its variables before it asks. */
export const withVariables = (expr: string, namespace: string, rateInterval: string): string =>
  expr.replaceAll('$namespace', namespace).replaceAll('$__rate_interval', rateInterval)

/** The vector selectors of an expression, each alone, without range and offset. @throws when it is no PromQL. */
export function selectorsOf(expr: string): string[] {
  const found: string[] = []
  parser.parse(expr).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`no PromQL near ${node.from}: ${expr}`)
      if (node.name === 'VectorSelector') found.push(expr.slice(node.from, node.to))
    },
  })
  return found
}

/** The metric that a selector is about. */
export const metricOf = (selector: string): string => /^[a-zA-Z_:][\w:]*/.exec(selector)?.[0] ?? ''
