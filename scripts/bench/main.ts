import { parseArgs } from 'node:util'
import { benches } from './benches/index.ts'
import { printTable, type Row } from './table.ts'
import { Workbench } from './workbench.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, 'cpu-prof': { type: 'string' } },
})
const unknown = positionals.filter((name) => !(name in benches))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}

const log = process.env.BELFRY_LOG ?? 'postgres'
if (log !== 'postgres' && log !== 'kafka') {
  console.error(`BELFRY_LOG is ${log}; it can be postgres or kafka.`)
  process.exit(2)
}

const chosen = positionals.length > 0 ? positionals : Object.keys(benches)
const rows: Row[] = []
const workbench = await Workbench.open({ quick: values.quick, profileDir: values['cpu-prof'], log })
// Processes and the PostgreSQL of the bench must not outlive it.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void workbench.close().finally(() => process.exit(1)))

for (const name of chosen) {
  workbench.say(`== ${name}`)
  try {
    rows.push(...(await benches[name]!(workbench)))
  } catch (error) {
    console.error(error)
    rows.push({
      what: name,
      figure: `failed: ${(error as Error).message.split('\n')[0]}`,
      ratio: '',
      bar: '',
      met: false,
    })
  } finally {
    await workbench.endProcesses()
  }
}
await workbench.close()
printTable(rows, values.quick, log)
