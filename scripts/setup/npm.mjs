import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'

/** Installs exactly what the lock file says. Silent unless it fails. */
export async function npmCi(root, noteChild) {
  console.log('Installing dependencies (first time: about a minute)...')
  const cache = cacheIsWritable() ? undefined : mkdtempSync(path.join(tmpdir(), 'belfry-npm-'))
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev', '--include=optional']
  if (cache) args.push(`--cache=${cache}`)
  try {
    const { code, output } = await run('npm', args, root, noteChild)
    // After the reason npm lists all its options.
    const reason = output.trim().split(/\nnpm error\nnpm error (?:Clean install|Usage)/)[0]
    if (code !== 0)
      throw new Error(`${reason}\n\`npm ci\` failed (${code}); the reason is above. Mend it and run this again.`)
  } finally {
    if (cache) rmSync(cache, { recursive: true, force: true })
  }
}

function run(command, args, root, noteChild) {
  // Under `npm start` our own .bin comes first in PATH; npm must not run on a Node that it is about to replace.
  const bin = path.join(root, 'node_modules/.bin')
  const PATH = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((directory) => path.resolve(directory) !== bin)
    .join(path.delimiter)
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (child.pid) noteChild(child.pid)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => resolve({ code: error.code, output: `${command}: ${error.message}` }))
    child.on('close', (code, signal) => resolve({ code: code ?? signal, output }))
  })
}

/** Asks for the nearest directory that exists: npm makes the rest. */
function cacheIsWritable() {
  let directory = path.resolve(process.env.npm_config_cache || path.join(homedir(), '.npm'))
  while (!existsSync(directory)) directory = path.dirname(directory)
  try {
    accessSync(directory, constants.W_OK)
    return true
  } catch {
    return false
  }
}
