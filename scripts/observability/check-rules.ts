import { readFileSync } from 'node:fs'
import { groupsOfFiles, groupsOfManifests } from './extract.ts'
import { checkRules } from './rule-check.ts'
import { findProgram } from './tools.ts'

// `check-rules.ts [MANIFESTS]`: the rule tests on what `helm template -n belfry` printed into a file, `-` for standard input; without one,
// on the chart's files with the default thresholds.
const [file] = process.argv.slice(2)
const promtool = findProgram('promtool', 'PROMTOOL')
if (!promtool) {
  console.error('There is no promtool. scripts/install-prometheus.sh gets it; PROMTOOL names one.')
  process.exit(1)
}
const groups = file ? groupsOfManifests(readFileSync(file === '-' ? 0 : file, 'utf8')) : groupsOfFiles()
const wrong = checkRules(promtool, groups)
if (wrong) console.error(wrong)
else console.log(`${groups.length} groups of rules are well.`)
process.exitCode = wrong ? 1 : 0
