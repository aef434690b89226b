import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'

const root = path.resolve(import.meta.dirname, '../../..')

/** Runs the tests of the secure Kafka where there is no Java. */
async function withoutJava(more: NodeJS.ProcessEnv): Promise<{ code: number; output: string; errors: string }> {
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning']
  const mocha = path.join(root, 'node_modules/mocha/bin/mocha.js')
  const args = ['--no-config', '--require=internal/testing/hooks.ts', 'internal/testing/kafka/secure.test.ts']
  const env = { PATH: '/nowhere', ...more }
  const child = spawn(process.execPath, [...flags, mocha, ...args], { cwd: root, env })
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, output, errors }
}

describe('tests that need Kafka, where none can be had', () => {
  it('are skipped, and say so when it happens and at the end', async () => {
    const { code, output, errors } = await withoutJava({})
    assert.equal(code, 0)
    assert.match(output, /0 passing.*\n +6 pending/)
    const line =
      'KAFKA TESTS SKIPPED: There is no Java on PATH. Set KAFKA_BROKERS, or install Java 17 or newer and Maven.\n'
    assert.equal(errors, `${line}${line}`)
  })

  it('fail when REQUIRE_KAFKA is 1', async () => {
    const { code, output, errors } = await withoutJava({ REQUIRE_KAFKA: '1' })
    assert.equal(code, 1)
    assert.match(output, /1 failing.*There is no Java on PATH/s)
    assert.equal(errors, '')
  })
})
