import { type Options, parseOptions, usage } from './options.ts'
import { keepReport, printReport } from './report.ts'
import { prove } from './run.ts'

let options: Options
try {
  options = parseOptions(process.argv.slice(2))
} catch (error) {
  console.error(`${(error as Error).message}\n${usage}`)
  process.exit(2)
}

const report = await prove(options, console.log)
printReport(report)
if (options.keep) await keepReport(report)
process.exitCode = report.findings.total === 0 ? 0 : 1
