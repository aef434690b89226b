import { execFile } from 'node:child_process'
import { copyFile, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { createFront } from '#cmd/all/front'
import { testConfig } from '#cmd/api/http/testing'
import { startApi } from '#cmd/api/start'
import { aSession, startTestPush } from '#cmd/push/testing'
import type { Role } from '#internal/accounts/account'
import type { NewEvent } from '#internal/events/event'
import { emit } from '#internal/log/outbox'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { startTcpProxy } from '#internal/testing/tcp-proxy'
import { waitFor } from '#internal/testing/wait-for'
import {
  openStream,
  type Reset,
  type StreamEvent,
  type StreamOptions,
  type StreamProblem,
  type StreamState,
} from './index.ts'

/** What `npm start` serves on one port, behind a network that can fail; push can be stopped and started by itself. */
export async function startTestBelfry(env: Record<string, string> = {}) {
  const system = await startTestPush(env)
  let push = await system.push()
  // A new push has another port.
  const target = { host: '127.0.0.1', port: push.port }
  const toPush = await startTcpProxy(target)
  const platform = { db: system.db, logger: silentLog, metrics: createMetrics('test') }
  const front = createFront({ callback: startApi(platform, testConfig).callback, pushPort: toPush.port })
  const network = await startTcpProxy({ host: '127.0.0.1', port: await front.listen(0, '127.0.0.1') })
  return {
    database: system.database,
    db: system.db,
    network,
    url: `http://127.0.0.1:${network.port}`,
    async stopPush() {
      await push.stop()
      // Who was being let in meanwhile is cut, as by the end of the process.
      toPush.away()
    },
    async startPush() {
      push = await system.push()
      target.port = push.port
      await toPush.back()
    },
    /** Writes the events with these numbers, in one transaction. */
    write(accountId: number, ...numbers: number[]) {
      const events = numbers.map((n): NewEvent => ({ scope: `account:${accountId}`, event: 'status.set', data: { n } }))
      return system.db.transaction((trx) => emit(trx, events, new Date()))
    },
    account: (username: string, role?: Role) => aSession(system.database, username, role),
    async stop() {
      network.away()
      toPush.away()
      const closed = front.close(0)
      front.destroy()
      await closed
      await system.stop()
    },
  }
}

export type TestBelfry = Awaited<ReturnType<typeof startTestBelfry>>

const root = path.resolve(import.meta.dirname, '../..')

/** Runs the compiler. @throws Error with what it says */
export async function tsc(cwd: string, ...args: string[]): Promise<void> {
  const script = path.join(root, 'node_modules/typescript/bin/tsc')
  await promisify(execFile)(process.execPath, [script, ...args], { cwd }).catch((error) => {
    throw new Error(error.stdout)
  })
}

/** Builds the client, as it is for browsers, and puts it where programs of this directory look for `belfry/client`. */
export async function installClient(directory: string): Promise<void> {
  const installed = path.join(directory, 'node_modules/belfry')
  await mkdir(installed, { recursive: true })
  await copyFile(path.join(root, 'package.json'), path.join(installed, 'package.json'))
  const emit = ['--noEmit', 'false', '--declaration', '--outDir', path.join(installed, 'dist')]
  await tsc(root, '-p', 'internal/client', ...emit)
}

/** A stream with all that it told. */
export function recordStream(options: Omit<StreamOptions, 'onEvent'> & Partial<StreamOptions>) {
  const events: StreamEvent[] = []
  const states: StreamState[] = []
  const resets: Reset[] = []
  const problems: StreamProblem[] = []
  const stream = openStream({
    ...options,
    async onEvent(event) {
      await options.onEvent?.(event)
      events.push(event)
    },
    async onReset(reset) {
      await options.onReset?.(reset)
      resets.push(reset)
    },
    onState(state) {
      states.push(state)
      options.onState?.(state)
    },
    onProblem: (problem) => problems.push(problem),
  })
  return {
    ...{ stream, events, states, resets, problems },
    /** Of the events that `write` has written. */
    numbers: () => events.map(({ data }) => (data as { n: number }).n),
    phases: () => states.map(({ phase }) => phase),
    until: (phase: StreamState['phase']) =>
      waitFor(() => stream.state.phase === phase, { what: phase, timeoutMs: 15_000 }),
  }
}

export type RecordedStream = ReturnType<typeof recordStream>
