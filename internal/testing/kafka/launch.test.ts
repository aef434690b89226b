import assert from 'node:assert/strict'
import path from 'node:path'
import { isAlive } from '#internal/runtime/is-alive'
import { runChild } from '../child.ts'
import { waitFor } from '../wait-for.ts'
import { launch } from './launch.ts'

describe('a launched program', () => {
  for (const state of ['running', 'paused']) {
    it(`dies with the process that launched it, by SIGKILL too (${state})`, async () => {
      const child = runChild(path.join(import.meta.dirname, 'launch-child.ts'), [])
      await waitFor(() => child.stdout.includes('\n'), { what: 'the pid' })
      const pid = Number(child.stdout)
      if (state === 'paused') process.kill(pid, 'SIGSTOP')
      assert.ok(isAlive(pid))
      child.process.kill('SIGKILL')
      await waitFor(() => !isAlive(pid), { what: 'its end' })
      await child.ended
    })
  }

  it('that cannot be started is an error', async () => {
    await assert.rejects(launch('/nowhere/program', [], '/dev/null'), { code: 'ENOENT' })
  })
})
