import { context, trace } from '@opentelemetry/api'
import pino from 'pino'

export type Logger = pino.Logger

export interface LogOptions {
  service: string
  level: string
  /** Where lines go; standard output by default. */
  destination?: pino.DestinationStream
}

/** JSON lines: time, level, message, service, trace_id. Callers never pass a token or a body; redaction is the second line. */
export function createLog({ service, level, destination }: LogOptions): Logger {
  return pino(
    {
      level,
      base: { service },
      messageKey: 'message',
      errorKey: 'error',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.err },
      redact: { paths: ['token', '*.token', 'password', '*.password', 'authorization', '*.authorization'] },
      mixin() {
        const span = trace.getSpanContext(context.active())
        return span ? { trace_id: span.traceId, span_id: span.spanId } : {}
      },
    },
    destination ?? pino.destination({ fd: 1, sync: false }),
  )
}

/** For tests and for callers that want no output. */
export const silentLog: Logger = pino({ level: 'silent' })
