import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { call, Follower, makeObjects } from '#cmd/all/witness'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { temporaryDirectory } from '#internal/testing/directory'
import { waitFor } from '#internal/testing/wait-for'
import { buildCollector, type Span, spansIn } from './collector.ts'
import { type System, startSystem } from './live/system.ts'
import { programOrSkip } from './testing.ts'

const configuration = (port: number) => `
receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:${port}' } } } }
exporters: { debug: { verbosity: detailed, use_internal_logger: false, output_paths: [stdout] } }
service:
  pipelines: { traces: { receivers: [otlp], exporters: [debug] } }
`

describe('traces in a collector of OpenTelemetry', function () {
  this.timeout(120_000)
  let remove: () => Promise<void> = async () => undefined
  let system: System | undefined
  let collector: ChildProcess | undefined
  let output = ''

  before(async function () {
    // It is built first.
    this.timeout(1_200_000)
    const go = programOrSkip(this, {
      name: 'go',
      variable: 'GO',
      required: 'REQUIRE_COLLECTOR',
      advice: 'Go 1.26 or newer builds the collector of the tests.',
    })
    const program = await buildCollector(go)
    const made = await temporaryDirectory()
    remove = made.remove
    const port = await findFreePort()
    const file = path.join(made.directory, 'collector.yaml')
    writeFileSync(file, configuration(port))
    collector = spawn(program, [`--config=file:${file}`])
    for (const stream of [collector.stdout, collector.stderr]) stream?.on('data', (chunk) => (output += chunk))
    const endpoint = `http://127.0.0.1:${port}`
    const answers = () =>
      fetch(`${endpoint}/v1/traces`).then(
        () => true,
        () => false,
      )
    await waitFor(answers, { what: 'the collector', timeoutMs: 30_000 }).catch((error) => {
      throw new Error(`${error.message}: ${output}`)
    })
    system = await startSystem(made.directory, { BELFRY_OTLP_ENDPOINT: endpoint, BELFRY_TRACE_RATIO: '1' })
  })

  after(async () => {
    await system?.stop()
    if (collector?.exitCode === null && collector.kill()) await once(collector, 'exit')
    await remove()
  })

  it('show one POST from the api, by way of the relay, to the push processes', async () => {
    const { api, pushes } = system!
    const { token, objects } = await makeObjects(api, 2)
    // One on each push process.
    const followers = objects.map(({ id, token: own }, i) => new Follower([pushes[i]!], id, own))
    await waitFor(() => followers.every(({ connections }) => connections === 1), { what: 'the inboxes' })
    const { status } = await call(api, 'POST', '/api/v1/alerts', { token, body: { text: 'traced', alert_all: true } })
    assert.equal(status, 201)
    await waitFor(() => followers.every(({ got }) => got.length === 1), { what: 'the alert' })
    for (const follower of followers) await follower.stop()

    const trace = await waitFor(
      () => {
        const spans = spansIn(output)
        const post = spans.find(({ name }) => name === 'POST /api/v1/alerts')
        const pushed = spans.filter(({ name, traceId }) => name === 'push alert.raised' && traceId === post?.traceId)
        const relayed = spans.find(({ name, links }) => name === 'relay events' && links.includes(post?.traceId ?? ''))
        return post && pushed.length >= 2 && relayed && { post, pushed, relayed }
      },
      { what: 'the spans', timeoutMs: 30_000 },
    )
    const { post, pushed, relayed } = trace
    const seen = ({ service, kind, parentId }: Span) => [service, kind, parentId]
    assert.deepEqual(seen(post), ['belfry-api', 'Server', ''])
    for (const span of pushed) assert.deepEqual(seen(span), ['belfry-push', 'Consumer', post.id])
    assert.deepEqual([relayed.service, relayed.kind], ['belfry-worker', 'Producer'])
    assert.notEqual(relayed.traceId, post.traceId)
  })
})
