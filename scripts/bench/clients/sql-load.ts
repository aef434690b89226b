import pg from 'pg'
import { raiseListed } from '#internal/alerts/alert-sql'
import { serve } from '../remote.ts'

// A program that runs the very statement of an alert POST over plain pg: what the write costs without Belfry's HTTP.

export interface SqlLoadOptions {
  url: string
  objects: number
  clients: number
  seconds: number
}

const handlers = {
  async closedLoop({ url, objects, clients, seconds }: SqlLoadOptions): Promise<{ done: number; seconds: number }> {
    const connections = Array.from({ length: clients }, () => new pg.Client({ connectionString: url }))
    await Promise.all(connections.map((connection) => connection.connect()))
    let done = 0
    const start = performance.now()
    const end = start + seconds * 1000
    await Promise.all(
      connections.map(async (connection) => {
        while (performance.now() < end) {
          const text = `t=${performance.now().toFixed(3)} ${'x'.repeat(60)}`
          const values = [text, 'info', null, 'bench', new Date().toISOString(), null, [1 + (done % objects)]]
          await connection.query({ ...raiseListed, values })
          done++
        }
      }),
    )
    const elapsed = (performance.now() - start) / 1000
    await Promise.all(connections.map((connection) => connection.end()))
    return { done, seconds: elapsed }
  },
}

export type SqlLoad = typeof handlers
serve(handlers)
