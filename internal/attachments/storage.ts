import type { Readable } from 'node:stream'
import { ConfigError } from '#internal/config/read'
import type { SettingValue } from '#internal/config/settings'
import type { Db } from '#internal/db/pool'
import type { Logger } from '#internal/telemetry/log'
import type { Attachment } from './attachment.ts'
import { type Contents, storageUnavailable } from './contents.ts'
import { postgresContents } from './postgres-contents.ts'
import { type S3Options, s3Contents } from './s3-contents.ts'

export const storageSettings = [
  'ATTACHMENTS_S3_URL',
  'ATTACHMENTS_S3_BUCKET',
  'ATTACHMENTS_S3_REGION',
  'ATTACHMENTS_S3_KEY',
  'ATTACHMENTS_S3_SECRET',
] as const

export type StorageConfig = { readonly [N in (typeof storageSettings)[number]]: SettingValue<N> }

/** Where new contents go, and each is read from where it was put: changing the setting moves nothing and loses nothing. */
export interface Storage extends Pick<Contents, 'stage' | 'keep' | 'remove'> {
  read(db: Db, attachment: Pick<Attachment, 'id' | 'size' | 'object_key'>): Promise<Readable>
  /** Whether there is another storage than PostgreSQL. */
  isExternal: boolean
}

/** PostgreSQL, or the S3-compatible service if one is configured. @throws ConfigError when it is so in part only */
export function createStorage(config: StorageConfig, logger: Logger): Storage {
  const options = s3Options(config)
  const objects = options && s3Contents(options, logger)
  return {
    ...(objects ?? postgresContents),
    async read(db, attachment) {
      if (attachment.object_key === null) return postgresContents.read(db, attachment)
      if (!objects) throw storageUnavailable()
      return objects.read(db, attachment)
    },
    isExternal: objects !== undefined,
  }
}

function s3Options(config: StorageConfig): S3Options | undefined {
  const { ATTACHMENTS_S3_URL: url, ATTACHMENTS_S3_BUCKET: bucket } = config
  const { ATTACHMENTS_S3_KEY: key, ATTACHMENTS_S3_SECRET: secret } = config
  if (url && bucket && key && secret) return { url, bucket, region: config.ATTACHMENTS_S3_REGION, key, secret }
  const needed = storageSettings.filter((name) => name !== 'ATTACHMENTS_S3_REGION')
  const missing = needed.filter((name) => config[name] === undefined)
  if (missing.length === needed.length) return undefined
  throw new ConfigError(missing.map((name) => `BELFRY_${name} is not set, and the others of ATTACHMENTS_S3 are.`))
}
