#!/usr/bin/env node
// What `npx belfry` runs, on whatever Node there is: the same as `npm run belfry --`, in the caller's directory.
import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const setup = spawnSync(process.execPath, [path.join(root, 'scripts/setup.mjs')], { stdio: ['ignore', 2, 2] })
if (setup.status !== 0) process.exit(setup.status ?? 1)

const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning']
const main = path.join(root, 'cmd/cli/main.ts')
const child = spawn(path.join(root, 'node_modules/.bin/node'), [...flags, main, ...process.argv.slice(2)], {
  stdio: 'inherit',
})
// Ctrl-C reaches the command as well, which ends in its own way; the other signals reach us alone.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => {
  process.exitCode = code
  if (!signal) return
  // Whoever waits for us is told how the command ended.
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
})
