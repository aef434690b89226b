interface PostgresError extends Error {
  code?: string
  constraint?: string
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
])

// What pg, tarn and knex say of a connection that is gone; knex puts the statement and a dash in front.
const lostConnection =
  /(^| - )(Connection terminated|Connection ended unexpectedly|Client has encountered a connection error|Client was closed|timeout expired|timeout exceeded when trying to connect|Unable to acquire a connection|aborted)/

/**
 * Whether the error says that PostgreSQL is away, restarting, overloaded or had to break the transaction off:
 * the statement may be tried again later. Includes the pool's own time-outs.
 */
export function isUnavailable(error: unknown): boolean {
  const { code, message, name } = error as PostgresError
  if (code !== undefined) {
    if (networkCodes.has(code)) return true
    // 08 connection, 53 out of resources, 57 operator intervention (shutdown, starting up, statement time-out),
    // 40 serialization failure or deadlock, 25006 read-only (a standby), 25P03 idle in transaction.
    return /^(08|53|57|40)/.test(code) || code === '25006' || code === '25P03'
  }
  return name === 'KnexTimeoutError' || lostConnection.test(message ?? '')
}

/** The name of the unique constraint or index that the error reports, if it is such an error. */
export function violatedUnique(error: unknown): string | undefined {
  const { code, constraint } = error as PostgresError
  return code === '23505' ? constraint : undefined
}
