import { startEmbeddedPostgres } from '#internal/embedded-postgres/start'

// A process for tests to kill: runs embedded PostgreSQL on the directory that is named, prints its URL, stops on SIGTERM.
const server = await startEmbeddedPostgres({ dataDir: process.argv[2]! })
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)))
setInterval(() => undefined, 1000)
process.stdout.write(`${server.url}\n`)
