/**
 * Bounds of every histogram of times, seconds. 0.5 is what the objectives of scripts/observability/slo.ts are measured at. Objectives
 * need a bound that is no whole number: Prometheus 2 and 3 write the label of 1 in two ways.
 */
export const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
