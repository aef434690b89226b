import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import kafkajs, {
  type CompressionTypes,
  type Kafka,
  type KafkaConfig as KafkajsConfig,
  type SASLOptions,
} from 'kafkajs'
import type { SettingName, SettingValue } from '#internal/config/settings'
import { PlainError } from '#internal/runtime/plain-error'
import type { Logger } from '#internal/telemetry/log'
import { Connections } from './connections.ts'

export const kafkaSettings = [
  'KAFKA_BROKERS',
  'KAFKA_PREFIX',
  'KAFKA_TLS',
  'KAFKA_TLS_CA_FILE',
  'KAFKA_TLS_CERT_FILE',
  'KAFKA_TLS_KEY_FILE',
  'KAFKA_SASL',
  'KAFKA_USERNAME',
  'KAFKA_PASSWORD',
  'KAFKA_COMPRESSION',
] as const satisfies SettingName[]

export type KafkaConfig = { readonly [N in (typeof kafkaSettings)[number]]: SettingValue<N> }

// Not all of a CommonJS package's names can be imported one by one.
const { CompressionCodecs, CompressionTypes: Types, logLevel } = kafkajs

// kafkajs has gzip by itself; Node brings zstd.
CompressionCodecs[Types.ZSTD] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => promisify(zlib.zstdCompress)(buffer),
  decompress: (buffer: Buffer) => promisify(zlib.zstdDecompress)(buffer),
})

export const compressionOf = (config: Pick<KafkaConfig, 'KAFKA_COMPRESSION'>): CompressionTypes =>
  ({ none: Types.None, gzip: Types.GZIP, zstd: Types.ZSTD })[config.KAFKA_COMPRESSION]

/** How long a request may take, and how often it is tried again before the loop that made it hears of it. */
export const patient = { requestTimeout: 30_000, retries: 8 }
export const brisk = { requestTimeout: 5000, retries: 2 }

/** Kafka for one user, over connections of its own. */
export interface Client {
  kafka: Kafka
  /** Cuts every connection at once and makes no other: what is under way fails. */
  close(): void
}

export type Connect = () => Client

/**
 * Who talks to the brokers. The loops that use it try again for ever.
 * @throws PlainError when settings do not fit together or a file cannot be read.
 */
export function createClient(config: KafkaConfig, logger: Logger, { requestTimeout, retries } = patient): Client {
  if (config.KAFKA_BROKERS === undefined)
    throw new PlainError('BELFRY_KAFKA_BROKERS is not set: BELFRY_LOG=kafka needs to know where Kafka is.')
  const connections = new Connections()
  const kafka = new kafkajs.Kafka({
    clientId: `${config.KAFKA_PREFIX}-${process.pid}`,
    brokers: config.KAFKA_BROKERS,
    ...security(config),
    socketFactory: connections.open,
    connectionTimeout: 3000,
    authenticationTimeout: 5000,
    requestTimeout,
    retry: { initialRetryTime: 100, multiplier: 1.5, maxRetryTime: 1000, retries },
    logLevel: logLevel.WARN,
    // One line of ours tells of a broker that is away; kafkajs has one for every attempt and connection.
    logCreator:
      () =>
      ({ namespace, log: { message, error } }) =>
        logger.debug({ kafkajs: namespace, cause: error }, message),
  })
  return { kafka, close: () => connections.close() }
}

function security(config: KafkaConfig): Pick<KafkajsConfig, 'ssl' | 'sasl'> {
  const { KAFKA_SASL, KAFKA_USERNAME, KAFKA_PASSWORD, KAFKA_TLS } = config
  const options: Pick<KafkajsConfig, 'ssl' | 'sasl'> = {}
  if (KAFKA_TLS === 'on') {
    const files = { ca: 'KAFKA_TLS_CA_FILE', cert: 'KAFKA_TLS_CERT_FILE', key: 'KAFKA_TLS_KEY_FILE' } as const
    options.ssl = Object.fromEntries(
      Object.entries(files).flatMap(([name, setting]) =>
        config[setting] ? [[name, readFile(setting, config[setting])]] : [],
      ),
    )
  }
  if (KAFKA_SASL !== 'none') {
    if (KAFKA_USERNAME === undefined || KAFKA_PASSWORD === undefined)
      throw new PlainError(`BELFRY_KAFKA_SASL=${KAFKA_SASL} needs BELFRY_KAFKA_USERNAME and BELFRY_KAFKA_PASSWORD.`)
    options.sasl = { mechanism: KAFKA_SASL, username: KAFKA_USERNAME, password: KAFKA_PASSWORD } as SASLOptions
  }
  return options
}

function readFile(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new PlainError(`BELFRY_${setting} cannot be read: ${(error as Error).message}`)
  }
}
