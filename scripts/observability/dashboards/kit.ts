import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import * as common from '@grafana/grafana-foundation-sdk/common'
import * as grafana from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'

export interface Panel {
  title: string
  /** What it shows and what is normal, for somebody who has not seen it before. */
  description: string
  /** As Grafana calls it: s, reqps, percentunit, bytes, short, ... */
  unit: string
  /** Expressions, with what their series are called. */
  queries: readonly (readonly [expr: string, legend: string])[]
  /** `lines` by default; `number` is the newest value alone. */
  kind?: 'lines' | 'areas' | 'number' | 'table'
  /** Where an alert or an objective has its limit: values above it are red, or below it with `isLeast`. */
  limit?: number
  isLeast?: boolean
  decimals?: number
  max?: number
  /** Of 24. */
  width?: 4 | 6 | 8 | 12 | 24
}

export interface Row {
  title: string
  panels: readonly Panel[]
}

export interface Dashboard {
  uid: string
  title: string
  description: string
  rows: readonly Row[]
}

/** A selector of the chosen namespace: `of('up', 'job="x"')` is `up{namespace="...",job="x"}`. */
export const of = (metric: string, ...matchers: string[]): string =>
  `${metric}{${['namespace="$namespace"', ...matchers].join(',')}}`

export const rateOf = (selector: string): string => `rate(${selector}[$__rate_interval])`

/** Quantile of a histogram; `by` are the labels that are kept. */
export const quantile = (q: number, selector: string, ...by: string[]): string =>
  `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (${rateOf(selector)}))`

const datasource = { type: 'prometheus', uid: '$' + '{datasource}' }

/** The dashboard as Grafana's classic JSON, which every Grafana since 10 takes. */
export function build({ uid, title, description, rows }: Dashboard): grafana.Dashboard {
  const builder = new grafana.DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['belfry'])
    .readonly()
    .timezone('browser')
    .time({ from: 'now-3h', to: 'now' })
    .refresh('30s')
    .tooltip(grafana.DashboardCursorSync.Crosshair)
    .link(dashboardLinks())
    .withVariable(new grafana.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(namespaceVariable())
  let id = 0
  for (const row of rows) {
    builder.withRow(new grafana.RowBuilder(row.title).id(++id))
    for (const panel of row.panels) builder.withPanel(buildPanel(panel, ++id))
  }
  return builder.build()
}

const dashboardLinks = () =>
  new grafana.DashboardLinkBuilder('Belfry')
    .type(grafana.DashboardLinkType.Dashboards)
    .tags(['belfry'])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true)

const namespaceVariable = () =>
  new grafana.QueryVariableBuilder('namespace')
    .label('Namespace')
    .datasource(datasource)
    .query({ query: 'label_values(belfry_build_info, namespace)', refId: 'namespace' })
    .refresh(grafana.VariableRefresh.OnTimeRangeChanged)
    .sort(grafana.VariableSort.AlphabeticalAsc)

function buildPanel(panel: Panel, id: number): Builder<grafana.Panel> {
  const { kind = 'lines', title, description, unit, decimals, width = 12, max } = panel
  const builder = builderOf(kind)
    .id(id)
    .title(title)
    .description(description)
    .unit(unit)
    .datasource(datasource)
    .span(width)
    .height(kind === 'number' ? 4 : 8)
    .thresholds(thresholdsOf(panel))
  if (decimals !== undefined) builder.decimals(decimals)
  if (max !== undefined) builder.max(max)
  if (builder instanceof TimeseriesBuilder) {
    builder.min(0)
    if (panel.limit !== undefined)
      builder.thresholdsStyle(
        new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
      )
  }
  for (const [i, [expr, legend]] of panel.queries.entries())
    builder.withTarget(target(expr, legend, kind).refId(String.fromCharCode(65 + i)))
  return builder
}

function builderOf(kind: NonNullable<Panel['kind']>): TimeseriesBuilder | StatBuilder | TableBuilder {
  if (kind === 'table') return new TableBuilder()
  if (kind === 'number')
    return new StatBuilder()
      .graphMode(common.BigValueGraphMode.None)
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
  const lines = new TimeseriesBuilder()
    .showPoints(common.VisibilityMode.Never)
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true),
    )
  if (kind === 'lines') return lines
  return lines.fillOpacity(30).stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal))
}

function thresholdsOf({ limit, isLeast }: Panel): Builder<grafana.ThresholdsConfig> {
  const [below, above] = isLeast ? ['red', 'green'] : ['green', 'red']
  const steps = [{ value: null, color: limit === undefined ? 'green' : below }]
  return new grafana.ThresholdsConfigBuilder()
    .mode(grafana.ThresholdsMode.Absolute)
    .steps(limit === undefined ? steps : [...steps, { value: limit, color: above }])
}

function target(expr: string, legend: string, kind: Panel['kind']): DataqueryBuilder {
  const query = new DataqueryBuilder().datasource(datasource).expr(expr).legendFormat(legend)
  if (kind === 'table') return query.instant().format(PromQueryFormat.Table)
  return kind === 'number' ? query.instant() : query.range()
}
