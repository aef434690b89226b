export const median = (values: readonly number[]): number => percentile(values, 0.5)

/** The value that the share `p` of all values does not exceed; NaN of nothing. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? Number.NaN
}

/** Three significant digits with thousands separators. */
export function round(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 3 })
}

export const ms = (value: number): string => `${round(value)} ms`
export const percent = (value: number): string => `${(value * 100).toFixed(0)} %`
export const times = (value: number): string => `${value.toFixed(2)} x`
/** `p50 1.2 / p99 3.4 / max 5.6 ms` */
export const spread = (values: readonly number[]): string =>
  `p50 ${round(median(values))} / p99 ${round(percentile(values, 0.99))} / max ${round(percentile(values, 1))} ms`
