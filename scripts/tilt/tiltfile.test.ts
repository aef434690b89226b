import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { load } from 'js-yaml'
import { skipOrFail } from '#internal/testing/skip'
import { run } from '../chart/run.ts'
import { toolAtHand } from '../chart/tools.ts'
import { problemsOf, workloadId } from './check-tiltfile.ts'
import { buildEvaluator } from './evaluation.ts'
import { type HelmArguments, isWorkload, renderChart } from './rendered.ts'

/** Path of Helm, if Go is there too. Else the tests are skipped, and standard error says so; with REQUIRE_CHART_TOOLS=1 they fail. */
async function helmOrSkip(context: Mocha.Context): Promise<string> {
  const helm = await toolAtHand('helm')
  const hasGo = await run('go', ['version']).then(
    () => true,
    () => false,
  )
  if (helm !== undefined && hasGo) return helm
  const error = new Error('The test of the Tiltfile needs Go and Helm; `npm run test:chart` builds Helm.')
  return skipOrFail(context, { what: 'TEST OF THE TILTFILE', required: 'REQUIRE_CHART_TOOLS', error })
}

const root = path.resolve(import.meta.dirname, '../..')

describe('the Tiltfile', function () {
  this.timeout(300_000)
  let evaluator: Awaited<ReturnType<typeof buildEvaluator>>
  let directory: string
  let text: string
  let helm: string

  before(async function () {
    helm = await helmOrSkip(this)
    evaluator = await buildEvaluator()
    directory = await mkdtemp(path.join(tmpdir(), 'belfry-tilt-'))
    text = await readFile(path.join(root, 'Tiltfile'), 'utf8')
  })
  after(async () => {
    await evaluator?.remove()
    if (directory) await rm(directory, { recursive: true })
  })

  async function problems(tiltfile: string): Promise<string[]> {
    const file = path.join(directory, 'Tiltfile')
    await writeFile(file, tiltfile)
    const { calls } = await evaluator.evaluate(file)
    const objects = await Promise.all(
      calls.map(async ({ function: name, arguments: a }) => {
        if (name === 'helm') return renderChart(helm, root, a as HelmArguments)
        if (name !== 'k8s_yaml' || typeof a.yaml !== 'string') return []
        return [load(await readFile(path.join(root, a.yaml), 'utf8'))]
      }),
    )
    const applied = objects.flat()
    const evaluation = await evaluator.evaluate(file, applied.filter(isWorkload).map(workloadId))
    return problemsOf({ root, evaluation, objects: applied })
  }

  it('names nothing that is not there, and leaves out nothing that is', async () => {
    assert.deepEqual(await problems(text), [])
  })

  for (const [from, to, problem] of [
    ["'cmd', 'internal', 'scripts/dev/node']", "'cmds', 'internal', 'scripts/dev/node']", /^cmds does not exist$/],
    ["target='dev'", "target='development'", /^the Dockerfile has no stage development$/],
    ["    'belfry/belfry',", "    'belfry/bell',", /^no workload uses the image belfry\/bell$/],
    ["sync('cmd', '/app/cmd')", "sync('cmd', '/cmd')", /^cmd is at \/cmd$/],
    [
      "resource_deps=['postgresql', 'kafka']",
      "resource_deps=['postgres']",
      /^there is no resource postgres to wait for$/,
    ],
    [
      "k8s_resource('kafka', resource_deps=['cluster-wide']",
      "k8s_resource('kafka', resource_deps=['migrate']",
      /^.*kafka waits for.*$/,
    ],
    ["'statuses']", ']', /^the workload statuses has no resource$/],
    ["'worker': 9192", "'wörker': 9192", /^there is no workload wörker$/],
    ['9090, name', '9091, name', /^api has no port 9091$/],
    ["'belfry:namespace'", "'bell:namespace'", /^cluster-wide: 0 objects are bell:namespace$/],
    ["'npm test'", "'npm run tests'", /^package.json has no script tests$/],
    ['-c worker', '-c main', /^there is no container main in belfry-worker$/],
    ['http://belfry-push:8081', 'http://belfry-push:81', /^there is no Service belfry-push with port 81$/],
  ] as const)
    it(`would say so: ${to}`, async () => {
      assert.ok(text.includes(from), `the Tiltfile has ${from}`)
      const found = await problems(text.replace(from, to))
      assert.ok(
        found.some((line) => problem.test(line)),
        found.join('\n'),
      )
    })

  it('calls no function with what Tilt would refuse', async () => {
    const refused = text.replace('match_in_env_vars', 'match_in_env')
    await assert.rejects(problems(refused), /docker_build has no parameter match_in_env/)
  })
})
