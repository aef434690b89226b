// `npm test [-- <files, directories or mocha options>]`: type check, then all tests. The last line is always `N passed, N failed`.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { lastLine } from './reporter.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const program = (name) => path.join(root, 'node_modules', name)

function finish(summary) {
  console.log(lastLine(summary))
  process.exitCode = summary.failed > 0 ? 1 : 0
}

function run(script, args, env, onStart = () => undefined) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: 'inherit',
      // A group of its own: mocha runs the tests in a child of its own, which must get our signals too.
      detached: true,
      env: { ...process.env, ...env },
    })
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => killGroup(child, signal))
    onStart(child)
    child.on('close', (code, signal) => resolve(code ?? signal))
  })
}

function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It has ended by itself.
  }
}

// Here and not in .mocharc.json, where they would be added to those that are named.
const everything = ['cmd', 'internal', 'scripts'].map((directory) => `${directory}/**/*.test.ts`)

/** Files and directories that are named, a directory for the tests in it; all tests when none is named. */
function mochaArgs(args) {
  const isPath = (arg) => existsSync(arg) || arg.includes('*')
  const specs = args.map((arg) =>
    isPath(arg) && statSync(arg, { throwIfNoEntry: false })?.isDirectory() ? `${arg}/**/*.test.ts` : arg,
  )
  return args.some(isPath) ? specs : [...specs, ...everything]
}

/** mocha waits for whatever a test left open, for ever if need be; that is an error of the test, and no reason to hang. */
function watch(child, file) {
  let seen = 0
  const timer = setInterval(() => {
    if (!existsSync(file) || ++seen < 15) return
    console.error('The tests are done but something that they left open keeps the process alive.')
    killGroup(child, 'SIGKILL')
  }, 1000)
  child.on('close', () => clearInterval(timer))
}

async function main() {
  const types = ['.', 'cmd/web'].map((project) => run(program('typescript/bin/tsc'), ['-p', project]))
  if ((await Promise.all(types)).some((code) => code !== 0)) return finish({ passed: 0, failed: 1 })
  const directory = mkdtempSync(path.join(tmpdir(), 'belfry-test-summary-'))
  const file = path.join(directory, 'summary.json')
  try {
    const args = mochaArgs(process.argv.slice(2))
    const code = await run(program('mocha/bin/mocha.js'), args, { TEST_SUMMARY: file }, (child) => watch(child, file))
    if (!existsSync(file)) console.error(`The test process died (${code}) before it had run all tests.`)
    const summary = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 1 }
    // A hook, or the loading of a file, that failed outside of all tests.
    if (code !== 0 && summary.failed === 0) summary.failed = 1
    finish(summary)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

await main()
