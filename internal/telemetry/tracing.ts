import {
  type Attributes,
  type Context,
  context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

export type { Span }
export { SpanKind }

const tracer = () => trace.getTracer('belfry')

/** The W3C traceparent of the running span, to be stored in an outbox row or sent in a header. */
export function currentTraceparent(): string | null {
  const carrier: Record<string, string> = {}
  propagation.inject(context.active(), carrier)
  return carrier.traceparent ?? null
}

export interface SpanOptions {
  kind?: SpanKind
  attributes?: Attributes
  /** The remote parent; without one the running span is the parent. */
  traceparent?: string | null | undefined
  /** Traceparents of the work items that this span handles together. */
  links?: (string | null)[]
  /** A trace of its own, whatever runs. */
  root?: boolean
}

/** Runs `work` inside a span; an error is recorded and thrown on. Costs next to nothing while tracing is off. */
export async function withSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const parent = options.traceparent ? remote(options.traceparent) : context.active()
  const span = tracer().startSpan(
    name,
    {
      kind: options.kind ?? SpanKind.INTERNAL,
      root: options.root ?? false,
      attributes: options.attributes ?? {},
      links: (options.links ?? []).flatMap(link),
    },
    parent,
  )
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span))
  } catch (error) {
    span.recordException(error as Error)
    span.setStatus({ code: SpanStatusCode.ERROR })
    throw error
  } finally {
    span.end()
  }
}

/** A span for something that has happened already, under the trace that caused it. No-op without a traceparent. */
export function recordSpan(name: string, traceparent: string | null, kind: SpanKind, attributes: Attributes): void {
  if (traceparent) tracer().startSpan(name, { kind, attributes }, remote(traceparent)).end()
}

function remote(traceparent: string): Context {
  return propagation.extract(ROOT_CONTEXT, { traceparent })
}

function link(traceparent: string | null): Link[] {
  const spanContext = traceparent ? trace.getSpanContext(remote(traceparent)) : undefined
  return spanContext ? [{ context: spanContext }] : []
}
