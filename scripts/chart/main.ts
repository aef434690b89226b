import type { Check, Context } from './checks/check.ts'
import { images, upToDate } from './checks/generated.ts'
import { bothHelms, lint, refusals, stable } from './checks/helm.ts'
import { periodsOfJobs } from './checks/jobs.ts'
import { conformsTo, score } from './checks/manifests.ts'
import { jobNames, names, objects, references } from './checks/objects.ts'
import { podSecurity } from './checks/pods.ts'
import { ruleTests, thresholds } from './checks/rules.ts'
import { everySetting, settings } from './checks/settings.ts'
import { unitTests } from './checks/unit-tests.ts'
import { goodValues, render } from './render.ts'
import { findTools } from './tools.ts'

const checks: Readonly<Record<string, Check>> = {
  'schema and README are up to date': upToDate,
  'README names the images': images,
  'helm lint, 3 and 4': lint,
  'Helm 3 and 4 make the same': bothHelms,
  'nothing changes by itself': stable,
  'bad values are refused with a message': refusals,
  'unit tests': unitTests,
  'objects have labels and names of their own': objects,
  'names fit however long the release is called': names,
  'Jobs are named by what they run': jobNames,
  'Jobs run as often as alerts expect': periodsOfJobs,
  'references lead somewhere': references,
  'pods are restricted': podSecurity,
  'processes take their settings, and get no others': settings,
  'every setting can be given': everySetting,
  'Kubernetes 1.31.14 takes it': conformsTo('1.31.14'),
  'Kubernetes 1.36.3 takes it': conformsTo('1.36.3'),
  'kube-score': score,
  'thresholds are those of the rules': thresholds,
  'rules do what their tests say': ruleTests,
}

// `npm run test:chart`: one line for each check, the last one `N passed, N failed`.
const started = performance.now()
const tools = await findTools()
const rendered = []
for (const values of goodValues) rendered.push({ values, result: await render(tools.helm, values) })
const context: Context = { tools, rendered }
let failed = 0
for (const [name, check] of Object.entries(checks)) {
  const problems = await check(context).catch((error: Error) => [error.stack ?? error.message])
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'}  ${name}`)
  for (const problem of problems) console.log(problem.replace(/^/gm, '        '))
  if (problems.length > 0) failed++
}
console.log(`test:chart took ${((performance.now() - started) / 1000).toFixed(1)} s`)
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
