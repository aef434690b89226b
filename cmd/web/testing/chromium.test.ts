import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'

const root = path.resolve(import.meta.dirname, '../../..')

/** Runs the tests in the browser where there is none. */
async function withoutChromium(more: NodeJS.ProcessEnv): Promise<{ code: number; output: string; errors: string }> {
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning']
  const mocha = path.join(root, 'node_modules/mocha/bin/mocha.js')
  const args = ['--no-config', '--require=internal/testing/hooks.ts', 'cmd/web/smoke.test.ts']
  const env = { PATH: '/nowhere', CHROMIUM: '/nowhere/chromium', ...more }
  const child = spawn(process.execPath, [...flags, mocha, ...args], { cwd: root, env })
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, output, errors }
}

describe('tests in the browser, where there is none', () => {
  it('are skipped, and say so when it happens and at the end', async () => {
    const { code, output, errors } = await withoutChromium({})
    assert.equal(code, 0)
    assert.match(output, /0 passing.*\n +[1-9]\d* pending/)
    const line =
      'BROWSER TESTS SKIPPED: There is no /nowhere/chromium. Install Chromium, or set CHROMIUM to the path of one.\n'
    assert.equal(errors, `${line}${line}`)
  })

  it('fail when REQUIRE_BROWSER is 1', async () => {
    const { code, output, errors } = await withoutChromium({ REQUIRE_BROWSER: '1' })
    assert.equal(code, 1)
    assert.match(output, /1 failing.*There is no \/nowhere\/chromium/s)
    assert.equal(errors, '')
  })
})
