import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { temporaryDirectory } from './directory.ts'

// It has no types of its own.
const S3rver = createRequire(import.meta.url)('@20minutes/s3rver')

export interface TestS3 {
  url: string
  bucket: string
  key: string
  secret: string
  /** Keys of the objects in it. */
  keys(): Promise<string[]>
  /** Stops listening and cuts every connection; what is stored stays. */
  away(): Promise<void>
  /** Listens again, on the same port. */
  back(): Promise<void>
  stop(): Promise<void>
}

/** A server of its own that speaks S3, signatures checked. */
export async function startTestS3(): Promise<TestS3> {
  const bucket = 'belfry-test'
  const { directory, remove } = await temporaryDirectory()
  const start = async (port: number) => {
    const options = { address: '127.0.0.1', port, silent: true, directory, configureBuckets: [{ name: bucket }] }
    const server = new S3rver(options)
    await server.run()
    return server
  }
  let server = await start(0)
  const { port } = server.httpServer.address() as AddressInfo
  const away = async () => {
    server.httpServer.closeAllConnections()
    await server.close()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    bucket,
    key: 'S3RVER',
    secret: 'S3RVER',
    async keys() {
      const { objects } = await server.store.listObjects(bucket, { maxKeys: 1000 })
      return objects.map(({ key }: { key: string }) => key)
    },
    away,
    async back() {
      server = await start(port)
    },
    async stop() {
      await away()
      await remove()
    },
  }
}
