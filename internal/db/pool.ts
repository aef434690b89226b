import knex, { type Knex } from 'knex'
import pg from 'pg'
import type { PoolState } from '#internal/telemetry/process-metrics'

/** A pool or a transaction on it: store functions take either. */
export type Db = Knex

export interface PoolOptions {
  url: string
  max: number
  /** Shown in pg_stat_activity. */
  name: string
}

// Positions, ids and counts stay far below 2^53: read bigint as number. Every json column is text that was made once
// and is passed on as it is; who needs the object parses it.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.JSON, (text: string) => text)

/** Opens lazily: the first query connects. Close with `destroy()`. */
export function createPool({ url, max, name }: PoolOptions): Knex {
  return knex({
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: `belfry-${name}`,
      connectionTimeoutMillis: 5000,
      statement_timeout: 15_000,
      idle_in_transaction_session_timeout: 15_000,
      keepAlive: true,
    },
    pool: { min: 0, max },
    acquireConnectionTimeout: 5000,
    // What knex would print, callers get as errors and log themselves.
    log: { warn() {}, error() {}, debug() {}, deprecate() {} },
  })
}

/** What the pool is doing at the moment; undefined once it was destroyed. */
export function poolState(db: Knex): PoolState | undefined {
  // knex types it as anything. It is the pool of tarn, and gone after `destroy()`.
  const pool: Pool | undefined = db.client.pool
  if (!pool) return undefined
  return { used: pool.numUsed(), idle: pool.numFree(), waiting: pool.numPendingAcquires(), most: pool.max }
}

interface Pool {
  max: number
  numUsed(): number
  numFree(): number
  numPendingAcquires(): number
}

/** A statement that each connection prepares once; `name` must be unique to its text. */
export interface Statement {
  name: string
  text: string
}

/**
 * Runs a hot statement as a named prepared one, on the transaction's connection or one of the pool.
 * knex itself does not prepare: this saves the parse and plan of each call.
 */
export async function prepared<Row>(db: Db, statement: Statement, values: unknown[]): Promise<Row[]> {
  const client = db.client as Knex.Client
  const connection = (await client.acquireConnection()) as pg.Client
  try {
    const result = await connection.query({ ...statement, values })
    return result.rows as Row[]
  } finally {
    await client.releaseConnection(connection)
  }
}

/** Whether PostgreSQL answers within a second. */
export async function answers(db: Db): Promise<boolean> {
  return db
    .raw('select 1')
    .timeout(1000)
    .then(
      () => true,
      () => false,
    )
}
