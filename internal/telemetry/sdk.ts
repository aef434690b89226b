import type { Logger } from './log.ts'

export interface TracingOptions {
  service: string
  /** OTLP over HTTP, e.g. http://collector:4318; undefined turns tracing off. */
  endpoint: string | undefined
  /** Share of new traces that are kept, 0 to 1; a caller's decision is honoured. */
  ratio: number
  log: Logger
}

/**
 * Starts the OpenTelemetry SDK when there is somewhere to send to; it is loaded only then. Returns the stop.
 * Spans are made by hand (tracing.ts): no loader hook, no patched modules.
 */
export async function startTracing(options: TracingOptions): Promise<() => Promise<void>> {
  if (!options.endpoint) return async () => undefined
  const { NodeSDK } = await import('@opentelemetry/sdk-node')
  const { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler } = await import('@opentelemetry/sdk-trace')
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto')
  const { resourceFromAttributes } = await import('@opentelemetry/resources')
  const exporter = new OTLPTraceExporter({ url: `${options.endpoint.replace(/\/$/, '')}/v1/traces` })
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({ 'service.name': options.service }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
  })
  sdk.start()
  // Shutting down rejects while the collector is away; the spans are lost then, the process is not.
  return async () => sdk.shutdown().catch((error: unknown) => options.log.warn({ error }, 'traces were not flushed'))
}
