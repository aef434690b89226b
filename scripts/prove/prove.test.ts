import assert from 'node:assert/strict'
import { describeWithKafkaJars } from '#internal/testing/kafka/describe'
import { parseOptions } from './options.ts'
import { printReport } from './report.ts'
import { prove } from './run.ts'

describeWithKafkaJars('npm run prove', () => {
  it('loses nothing in a minute of faults', async function () {
    this.timeout(600_000)
    const lines: string[] = []
    const report = await prove(parseOptions(['--messages', '3000', '--minutes', '1']), (line) => lines.push(line))
    if (report.findings.total > 0) {
      console.log(lines.join('\n'))
      printReport(report)
    }
    assert.deepEqual(report.findings.first, [])
    // How many fit into a minute is the machine's matter; that a run without faults proves nothing is ours.
    assert.ok(report.faults.length >= 1, 'no fault')
  })
})
