import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { OpenApi } from '#cmd/api/documents/openapi'
import { outcomeOf, outcomes } from '#cmd/api/documents/testing'
import { startTestApi } from '#cmd/api/http/testing'
import { root } from './tour/markdown.ts'

/**
 * Every operation may answer 503, while PostgreSQL is away and for a few reasons of its own. That is one middleware for all, and
 * cmd/api/http/conventions.test.ts proves it on some.
 */
const exempt = new Set(['503'])

// mocha loads this file after all of cmd: see the order in test.mjs.
describe('the OpenAPI document', () => {
  it('says nothing that no test has got from the API', async function () {
    const missed = unproven(this.test!)
    if (missed !== undefined) {
      this.test!.title += ` (skipped: ${missed})`
      this.skip()
    }
    const documented = await documentedOutcomes()
    assert.ok(documented.length > 500)
    assert.deepEqual(
      documented.filter((outcome) => !outcomes.has(outcome)),
      [],
    )
  })
})

async function documentedOutcomes(): Promise<string[]> {
  const api = await startTestApi()
  try {
    const { paths }: OpenApi = (await api.request('GET', '/api/v1/openapi.json')).body
    return Object.entries(paths).flatMap(([template, operations]) =>
      Object.entries(operations).flatMap(([method, { responses }]) =>
        Object.keys(responses)
          .filter((status) => !exempt.has(status))
          .map((status) => outcomeOf(method, template.replace(/\{(\w+)\}/g, ':$1'), status)),
      ),
    )
  } finally {
    await api.stop()
  }
}

/** Why nothing can be said: which test of the API has not run in this process. Undefined when all have. */
function unproven(test: Mocha.Runnable): string | undefined {
  let suite = test.parent!
  while (suite.parent) suite = suite.parent
  const ran = new Set<string>()
  let waiting: string | undefined
  suite.eachTest((each: Mocha.Test) => {
    if (!each.file?.startsWith(api)) return
    ran.add(each.file)
    if (!each.isPending() && each.state === undefined) waiting = each.fullTitle()
  })
  const absent = testFiles().find((file) => !ran.has(file))
  if (absent) return `${path.relative(root, absent)} was not loaded`
  return waiting && `"${waiting}" has not run`
}

const api = path.join(root, 'cmd/api/')

const testFiles = () =>
  readdirSync(api, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join(api, file))
