import type { HttpLoad } from '../clients/http-load.ts'
import { seed } from '../seed.ts'
import { median, percentile, spread } from '../stats.ts'
import type { Row } from '../table.ts'
import type { Workbench } from '../workbench.ts'

const bar = 100

/** An alert to every one of a million objects, one POST after the other. */
export async function alertAll(workbench: Workbench): Promise<Row[]> {
  const objects = workbench.quick ? 100_000 : 1_000_000
  const database = await workbench.database('alert-all')
  await seed(database.db, { objects, tokens: false })
  await workbench.role('worker', database)
  const { port } = await workbench.role('api', database)
  const http = workbench.program<HttpLoad>('clients/http-load.ts')
  const post = (count: number) =>
    http.ask('openLoop', { port, requests: { kind: 'to-all' }, clients: 1, rate: 20, seconds: count / 20 })
  await post(3)
  const { latencies } = await post(20)
  return [
    {
      what: `alert-all: POST to ${objects.toLocaleString('en-US')} objects, 20 times`,
      figure: spread(latencies),
      ratio: `median ${Math.round(bar / median(latencies))} times under the bar`,
      bar: `${bar} ms`,
      met: percentile(latencies, 0.99) < bar,
    },
  ]
}
