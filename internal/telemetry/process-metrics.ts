import { Counter, Gauge, type Registry } from 'prom-client'
import { packageVersion } from '#internal/runtime/package'

/** What a pool of connections is doing. */
export interface PoolState {
  used: number
  idle: number
  /** Callers that wait for a connection. */
  waiting: number
  /** How many connections there may be. */
  most: number
}

/** Of every process. */
export function processMetrics(registers: Registry[]) {
  const buildInfo = new Gauge({
    name: 'belfry_build_info',
    help: '1; the labels say what runs.',
    labelNames: ['version'] as const,
    registers,
  })
  buildInfo.set({ version: packageVersion() }, 1)
  return {
    buildInfo,
    scrapeErrors: new Counter({
      name: 'belfry_scrape_errors_total',
      help: 'Metrics that could not be read and were left out of an answer.',
      registers,
    }),
    loopErrors: new Counter({
      name: 'belfry_loop_errors_total',
      help: 'Failed turns of background loops; each is tried again.',
      labelNames: ['loop'] as const,
      registers,
    }),
  }
}

/** Of every process with a pool of connections to PostgreSQL. */
export function poolMetrics(registers: Registry[]) {
  let read: () => PoolState | undefined = () => undefined
  const gauge = (name: string, help: string, value: (state: PoolState) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const state = read()
        if (state) this.set(value(state))
      },
    })
  return {
    /** Says where the state is read at each scrape; undefined once the pool is gone. */
    watchPool(reader: () => PoolState | undefined) {
      read = reader
    },
    poolUsed: gauge(
      'belfry_database_pool_used_connections',
      'Connections to PostgreSQL in use.',
      (state) => state.used,
    ),
    poolIdle: gauge(
      'belfry_database_pool_idle_connections',
      'Connections to PostgreSQL at rest.',
      (state) => state.idle,
    ),
    poolWaiting: gauge(
      'belfry_database_pool_waiting_requests',
      'Callers that wait for a connection to PostgreSQL.',
      (state) => state.waiting,
    ),
    poolMost: gauge(
      'belfry_database_pool_max_connections',
      'Connections to PostgreSQL that the pool may have.',
      (state) => state.most,
    ),
  }
}
