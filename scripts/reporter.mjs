import { writeFileSync } from 'node:fs'
import mocha from 'mocha'

/** mocha's own report, then what was skipped, then the one line that scripts read: `N passed, N failed`. */
export default class Reporter extends mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    const skipped = []
    runner.on('pending', (test) => skipped.push(test.fullTitle()))
    runner.once('end', () => {
      const { passes, failures } = runner.stats
      if (skipped.length > 0)
        console.log(`Skipped (${skipped.length}):\n${skipped.map((title) => `  ${title}`).join('\n')}\n`)
      const summary = { passed: passes, failed: failures }
      // scripts/test.mjs prints the line itself, so that it is the last one whatever else happens.
      if (process.env.TEST_SUMMARY) writeFileSync(process.env.TEST_SUMMARY, JSON.stringify(summary))
      else console.log(lastLine(summary))
    })
  }
}

export function lastLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`
}
