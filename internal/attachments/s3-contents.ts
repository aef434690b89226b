import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Logger } from '#internal/telemetry/log'
import { attachmentNotFound } from './attachment.ts'
import { type Contents, storageUnavailable } from './contents.ts'

export interface S3Options {
  /** Of the service, e.g. https://s3.example.com */
  url: string
  bucket: string
  region: string
  key: string
  secret: string
}

/** How long a staged object waits for its attachment. Nothing else takes nearly as long. */
const stagedMs = 60 * 60 * 1000
const connectMs = 2_000
/** Of a whole upload, and of anything else up to the first byte. */
const putMs = 20_000
const otherMs = 5_000

type Sdk = typeof import('@aws-sdk/client-s3')
type Client = InstanceType<Sdk['S3Client']>
type Send<T> = (client: Client, sdk: Sdk, options: { abortSignal: AbortSignal }) => Promise<T>

/** Contents as objects of an S3-compatible service. The client is loaded at the first use: it takes a while and some memory. */
export function s3Contents(options: S3Options, logger: Logger): Contents {
  const { bucket: Bucket } = options
  let loaded: Promise<{ sdk: Sdk; client: Client }> | undefined
  let isFailing = false

  /** @throws 503, whatever the service or the network says, but for a missing key: `NoSuchKey` */
  async function request<T>(timeoutMs: number, send: Send<T>): Promise<T> {
    loaded ??= load(options)
    // Ends with the answer's head: how long the body takes is up to whom it goes to.
    const aborter = new AbortController()
    const timer = setTimeout(() => aborter.abort(), timeoutMs)
    try {
      const { sdk, client } = await loaded
      const result = await send(client, sdk, { abortSignal: aborter.signal })
      isFailing = false
      return result
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') throw error
      logger[isFailing ? 'debug' : 'warn']({ error }, 'the storage of attachments failed')
      isFailing = true
      throw storageUnavailable(error)
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async stage(db, bytes, type, now) {
      const object_key = `attachments/${randomUUID()}`
      await db('attachment_removals').insert({ object_key, due_at: new Date(now.getTime() + stagedMs) })
      const object = { Bucket, Key: object_key, Body: bytes, ContentType: type }
      await request(putMs, (client, { PutObjectCommand }, http) => client.send(new PutObjectCommand(object), http))
      return { bytes, object_key }
    },
    async keep(trx, _attachmentId, { object_key }) {
      // Were it gone, then so would be the object.
      if ((await trx('attachment_removals').where({ object_key }).delete()) === 0) throw storageUnavailable()
    },
    async read(_db, { object_key }) {
      try {
        return await request(otherMs, async (client, { GetObjectCommand }, http) => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: object_key! }), http)
          return Body as Readable
        })
      } catch (error) {
        throw (error as Error).name === 'NoSuchKey' ? attachmentNotFound() : error
      }
    },
    async remove(objectKey) {
      await request(otherMs, (client, { DeleteObjectCommand }, http) =>
        client.send(new DeleteObjectCommand({ Bucket, Key: objectKey }), http),
      )
    },
  }
}

async function load({ url, region, key, secret }: S3Options): Promise<{ sdk: Sdk; client: Client }> {
  const sdk = await import('@aws-sdk/client-s3')
  const client = new sdk.S3Client({
    endpoint: url,
    region,
    credentials: { accessKeyId: key, secretAccessKey: secret },
    // What every compatible service understands.
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 2,
    requestHandler: { connectionTimeout: connectMs, socketTimeout: putMs },
  })
  return { sdk, client }
}
