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
// Goes into a header as it is.
const header = z.string().regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters')
const httpUrl = z
  .url('must be a http:// or https:// URL')
  .regex(/^https?:\/\/[^@]*$/, 'must be a http:// or https:// URL without a user')

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
  LOG: setting(
    z.enum(['postgres', 'kafka']).default('postgres'),
    'What carries events from the relay to push and worker processes.',
  ),
  KAFKA_BROKERS: setting(
    z
      .string()
      .regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'must be host:port, several with commas between them')
      .transform((value) => value.split(','))
      .optional(),
    'Brokers to begin with, e.g. kafka-0:9092,kafka-1:9092.',
  ),
  KAFKA_PREFIX: setting(
    z
      .string()
      .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/, 'must be letters, digits, dots, dashes and underscores')
      .default('belfry'),
    'What the names of topics and consumer groups begin with.',
  ),
  KAFKA_PARTITIONS: setting(int(1, 1000).default(12), 'Partitions of topics that `belfry migrate` makes; fixed then.'),
  KAFKA_REPLICATION: setting(int(1, 10).optional(), "Copies of each partition; the brokers' default without it."),
  KAFKA_MIN_INSYNC: setting(
    int(1, 10).optional(),
    "Copies that must have a record before it counts; the brokers' default without it.",
  ),
  KAFKA_COMPRESSION: setting(z.enum(['none', 'gzip', 'zstd']).default('none'), 'Compression of records.'),
  KAFKA_TLS: setting(z.enum(['on', 'off']).default('off'), 'Whether brokers are spoken to over TLS.'),
  KAFKA_TLS_CA_FILE: setting(text.optional(), "File with the certificates (PEM) that the brokers' must come from."),
  KAFKA_TLS_CERT_FILE: setting(text.optional(), 'File with the certificate (PEM) that we show to brokers.'),
  KAFKA_TLS_KEY_FILE: setting(text.optional(), 'File with the key (PEM) that belongs to it.'),
  KAFKA_SASL: setting(
    z.enum(['none', 'plain', 'scram-sha-256', 'scram-sha-512']).default('none'),
    'How we log in to brokers.',
  ),
  KAFKA_USERNAME: setting(text.optional(), 'User for that.'),
  KAFKA_PASSWORD: secret(text.optional(), 'Password for that.'),
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
  GRAFANA_URL: setting(httpUrl.optional(), 'Where admins find Grafana with the dashboards.'),
  MESSAGES_DAYS: setting(int(1, 36500).default(30), 'Days that GET /api/messages/{user_name} goes back.'),
  LOGIN_FAILURES: setting(int(1, 90).default(10), 'Wrong passwords per account and address in 15 minutes.'),
  TRUSTED_PROXIES: setting(int(0, 10).default(0), 'Proxies in front whose X-Forwarded-For entries are believed.'),
  RATE_LIMIT_PER_MINUTE: setting(
    int(0, 10_000_000).default(1200),
    'Requests per minute of one account, for each API process; 0 is no limit.',
  ),
  RATE_LIMIT_ADDRESS_PER_MINUTE: setting(
    int(0, 10_000_000).default(300),
    'Requests per minute without valid credentials from one address, for each API process; 0 is no limit.',
  ),
  REGISTRATIONS_PER_HOUR: setting(
    int(0, 10_000_000).default(60),
    'Registrations per hour from one address, for each API process; 0 is no limit.',
  ),
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
  SCHEDULE_CATCH_UP_MINUTES: setting(
    int(1, 10080).default(60),
    'Minutes after its due time that a recurring schedule still fires, and that a failed one is tried again.',
  ),
  X_API_URL: setting(z.url({ protocol: /^https?$/ }).default('https://api.x.com'), 'Where the API of X is.'),
  X_API_TOKEN: secret(
    text.optional(),
    'App-only bearer token for the API of X; without it posts of X are not fetched.',
  ),
  FEED_ALLOW_PRIVATE: setting(
    z.enum(['on', 'off']).default('off'),
    'Whether profiles may be fetched from private and loopback addresses.',
  ),
  STATUS_HOURS: setting(int(1, 8760).default(24), 'Hours that a status lasts.'),
  SMTP_URL: secret(
    z
      .url('must be a smtp:// or smtps:// URL')
      .regex(/^smtps?:\/\//, 'must be a smtp:// or smtps:// URL')
      .optional(),
    'Mail server for alerts by e-mail, e.g. smtp://user:password@mail.example.com:587.',
  ),
  MAIL_FROM: setting(
    z
      .string()
      .regex(
        /^([^<>\r\n]*<[^\s@<>,]+@[^\s@<>,]+>|[^\s@<>,]+@[^\s@<>,]+)$/,
        'must be an address, or a name and <address>',
      )
      .optional(),
    'Sender of alerts by e-mail.',
  ),
  SMS_PROVIDER: setting(z.enum(['generic', 'twilio']).default('generic'), 'Which shape the SMS provider takes.'),
  SMS_URL: setting(httpUrl.optional(), 'Where alerts by SMS are posted to; for twilio the base of its API.'),
  SMS_FROM: setting(text.optional(), 'Sender of alerts by SMS. Twilio needs it.'),
  SMS_ACCOUNT: setting(
    z.string().regex(/^\w+$/, 'must be letters and digits').optional(),
    'Account at the SMS provider. Twilio needs it.',
  ),
  SMS_TOKEN: secret(header.optional(), 'Token for the SMS provider. Twilio needs it.'),
  WEBHOOK_URL: secret(httpUrl.optional(), 'Where alerts by webhook are posted to.'),
  WEBHOOK_SECRET: secret(
    z.string().min(16, 'must have at least 16 characters').optional(),
    'Key that signs webhooks; whsec_ and base64, or any text.',
  ),
  DELIVERY_ATTEMPTS: setting(int(1, 50).default(8), 'Attempts at one e-mail, SMS or webhook before it is given up.'),
  DELIVERY_CONCURRENCY: setting(int(1, 200).default(8), 'Attempts at once for each channel and worker.'),
  ATTACHMENT_MB: setting(int(1, 64).default(8), 'Megabytes (MiB) of an attachment, at most.'),
  ATTACHMENTS_S3_URL: setting(
    z.url({ protocol: /^https?$/, error: 'must be a URL, e.g. https://s3.example.com' }).optional(),
    'S3-compatible service for attachments; PostgreSQL keeps them without it.',
  ),
  ATTACHMENTS_S3_BUCKET: setting(text.optional(), 'Bucket of the attachments.'),
  ATTACHMENTS_S3_REGION: setting(text.default('us-east-1'), 'Region of that bucket.'),
  ATTACHMENTS_S3_KEY: setting(text.optional(), 'Access key id of the S3-compatible service.'),
  ATTACHMENTS_S3_SECRET: secret(text.optional(), 'Secret access key that belongs to it.'),
  ALERT: setting(text, 'The alert that `scheduler raise` raises, as JSON.'),
  ALERT_KEY: setting(
    z.string().regex(/^[\x21-\x7e]{1,253}$/, 'must be 1 to 253 visible ASCII characters'),
    'What `scheduler raise` raises it once for: a second run with the same key raises nothing.',
  ),
  OPERATOR_JOB_TEMPLATE: setting(
    text,
    'File with the batch/v1 JobTemplateSpec (YAML or JSON) of Jobs that raise alerts.',
  ),
  OPERATOR_JOB_IMAGE: setting(text.optional(), 'Image of those Jobs, instead of the one that the template names.'),
  OPERATOR_LEASE: setting(text.default('belfry-operator'), 'Lease that makes one of several operators the leader.'),
  URL: setting(httpUrl.optional(), 'Where the commands that are clients of the API find it.'),
  TOKEN: secret(header.optional(), 'Session token or API key of the commands that are clients of the API.'),
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
