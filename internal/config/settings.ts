import { z } from 'zod'

/** One setting of the product: the variable BELFRY_<NAME>. */
export interface Setting<T = unknown> {
  schema: z.ZodType<T, string | undefined>
  help: string
  secret?: boolean
}

const int = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`))
const text = z.string().min(1, 'must not be empty')
const port = int(0, 65535)

function setting<T>(schema: z.ZodType<T, string | undefined>, help: string): Setting<T> {
  return { schema, help }
}

function secret<T>(schema: z.ZodType<T, string | undefined>, help: string): Setting<T> {
  return { schema, help, secret: true }
}

/** Every setting there is. Each process reads those that it names; a BELFRY_* variable that is not here is an error. */
export const settings = {
  PORT: setting(port.default(8080), 'Port of the API (with `npm start`: of everything public).'),
  HOST: setting(text.default('0.0.0.0'), 'Address that public ports listen on.'),
  PUSH_PORT: setting(port.default(8081), 'Port of the push process.'),
  INTERNAL_PORT: setting(port.default(9090), 'Port of /healthz, /readyz and /metrics. Never expose it.'),
  INTERNAL_HOST: setting(text.default('0.0.0.0'), 'Address that the internal port listens on.'),
  DATA_DIR: setting(text.default('.belfry'), 'Where `npm start` keeps PostgreSQL and its secrets.'),
  DATABASE_URL: secret(z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL'), 'PostgreSQL to use.'),
  DATABASE_POOL: setting(int(1, 200).default(10), 'Connections to PostgreSQL per process, at most.'),
  JWT_SECRET: secret(z.string().min(32, 'must have at least 32 characters'), 'Key that signs access tokens (JWT).'),
  SESSION_DAYS: setting(int(1, 3650).default(30), 'Days that a login lasts.'),
  JWT_MINUTES: setting(int(1, 1440).default(60), 'Minutes that an access token (JWT) lasts.'),
  PASSWORD_MIN_LENGTH: setting(int(1, 128).default(8), 'Characters that a password has at least.'),
  REGISTRATION: setting(z.enum(['open', 'closed']).default('open'), 'Whether anybody may register an account.'),
  PHONE_COUNTRY: setting(
    z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be two capital letters, e.g. US')
      .default('US'),
    'Country of phone numbers that are written without a country code.',
  ),
  LOGIN_FAILURES: setting(int(1, 90).default(10), 'Wrong passwords per account and address in 15 minutes.'),
  TRUSTED_PROXIES: setting(int(0, 10).default(0), 'Proxies in front whose X-Forwarded-For entries are believed.'),
  SOCKET_BUFFER_BYTES: setting(
    int(131072, 67108864).default(1048576),
    'Unread bytes after which a slow WebSocket is closed.',
  ),
  RING_MB: setting(int(1, 4096).default(64), 'Megabytes of newest events that push keeps in memory for catch-up.'),
  STREAM_IDLE_SECONDS: setting(int(8, 960).default(90), 'Silence after which a WebSocket counts as dead.'),
  DRAIN_SECONDS: setting(
    int(0, 600).default(10),
    'Seconds over which open WebSockets are asked to reconnect on SIGTERM.',
  ),
  SHUTDOWN_DELAY_SECONDS: setting(
    int(0, 60).default(0),
    'Seconds between failing readiness and closing the listener, for load balancers to notice.',
  ),
  RETENTION_DAYS: setting(
    int(1, 3650).default(30),
    'Days that events are kept, and so the longest absence of a client.',
  ),
  STATUS_HOURS: setting(int(1, 8760).default(24), 'Hours that a status lasts.'),
  LOG_LEVEL: setting(z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'), 'Least level of log lines.'),
  OTLP_ENDPOINT: setting(z.url().optional(), 'OpenTelemetry collector (OTLP over HTTP); traces are off without it.'),
  TRACE_RATIO: setting(
    z
      .string()
      .regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'must be a number from 0 to 1')
      .transform(Number)
      .prefault('0.01'),
    'Share of requests that start a trace.',
  ),
} as const

export type SettingName = keyof typeof settings
export type SettingValue<K extends SettingName> = z.output<(typeof settings)[K]['schema']>
