/** A recording rule, as Prometheus takes it. */
export interface Record {
  record: string
  expr: string
  labels?: { [name: string]: string }
}

/** An alerting rule, as Prometheus takes it. */
export interface Alert {
  alert: string
  expr: string
  for?: string
  labels: { severity: Severity; [name: string]: string }
  annotations: { summary: string; description: string; runbook_url: string }
}

export interface Group {
  name: string
  /** How often its rules are evaluated; Prometheus decides without it. */
  interval?: string
  rules: (Record | Alert)[]
}

/** `critical`: somebody has to look now, whatever the time. `warning`: in working hours. */
export type Severity = 'critical' | 'warning'

/**
 * What the chart replaces: `%NAMESPACE%` by the release's namespace, `%RUNBOOKS%` by where the runbooks are, and `%NAME%` by the
 * threshold of that name, see thresholds.ts.
 */
export const namespace = 'namespace="%NAMESPACE%"'

export interface Cause {
  alert: string
  severity: Severity
  expr: string
  /** For how long it must hold. */
  for?: string
  summary: string
  description: string
}

export function alertOf({ alert, severity, expr, for: during, summary, description }: Cause): Alert {
  return {
    alert,
    expr,
    ...(during && { for: during }),
    labels: { severity },
    annotations: { summary, description, runbook_url: `%RUNBOOKS%/${alert}.md` },
  }
}

/** A selector of this release: `of('up', 'job="x"')` is `up{namespace="...",job="x"}`. */
export const of = (metric: string, ...matchers: string[]): string => `${metric}{${[namespace, ...matchers].join(',')}}`
