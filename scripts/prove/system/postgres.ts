import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { query } from '#internal/embedded-postgres/postmaster'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#internal/embedded-postgres/start'
import { isAlive } from '#internal/runtime/is-alive'
import { waitFor } from '#internal/testing/wait-for'

/** A PostgreSQL as in production, durable, that can be killed and paused. */
export class Postgres {
  readonly url: string
  /** Whether it is being killed or paused. */
  isHarmed = false
  readonly #dataDir: string
  #running: EmbeddedPostgres

  static async start(directory: string): Promise<Postgres> {
    const dataDir = path.join(directory, 'postgres')
    return new Postgres(dataDir, await startEmbeddedPostgres({ dataDir }))
  }

  private constructor(dataDir: string, running: EmbeddedPostgres) {
    this.#dataDir = dataDir
    this.#running = running
    this.url = running.url
  }

  async version(): Promise<string> {
    const [row] = (await query(this.url, 'show server_version')) as { server_version: string }[]
    return row!.server_version
  }

  /** kill -9 of the postmaster; its children end when they notice. */
  async kill(): Promise<void> {
    const pid = await this.#postmaster()
    process.kill(pid, 'SIGKILL')
    await waitFor(() => !isAlive(pid), { what: 'the end of the postmaster' })
  }

  /** Starts it again; it recovers. */
  async start(): Promise<void> {
    this.#running = await startEmbeddedPostgres({ dataDir: this.#dataDir })
    if (this.#running.url !== this.url) throw new Error('PostgreSQL came back on another port')
  }

  stop(): Promise<void> {
    return this.#running.stop()
  }

  /** Process ids of the connections of Belfry. */
  async backends(): Promise<number[]> {
    const rows = await query(
      this.url,
      `select pid from pg_stat_activity where backend_type = 'client backend' and application_name like 'belfry-%'`,
    )
    return (rows as { pid: number }[]).map(({ pid }) => pid)
  }

  /** All its processes, the postmaster first. */
  async everything(): Promise<number[]> {
    const rows = (await query(this.url, 'select pid from pg_stat_activity')) as { pid: number }[]
    return [await this.#postmaster(), ...rows.map(({ pid }) => pid)]
  }

  async #postmaster(): Promise<number> {
    const file = await readFile(path.join(this.#dataDir, 'cluster/postmaster.pid'), 'utf8')
    return Number(file.split('\n')[0])
  }
}
