// `npm run check`: format and lint, types, import arrows, file sizes; all at once, in seconds.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const program = (name) => path.join(root, 'node_modules', name)

function run(script, ...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('close', (code) => resolve(code === 0 ? '' : output.trim() || `ended with ${code}`))
  })
}

function longFiles() {
  const isOurs = (file) => /\.(ts|tsx|mjs|css)$/.test(file) && !/(^|\/)node_modules\//.test(file)
  const files = ['cmd', 'internal', 'scripts'].flatMap((top) =>
    readdirSync(path.join(root, top), { recursive: true })
      .map((file) => path.join(top, file))
      .filter(isOurs),
  )
  return files
    .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }))
    .filter(({ text }) => !text.startsWith('// Made from '))
    .map(({ file, text }) => ({ file, lines: text.split('\n').length - 1 }))
    .filter(({ file, lines }) => lines > limit(file))
    .map(({ file, lines }) => `${file} has ${lines} lines; at most ${limit(file)}`)
    .join('\n')
}

function limit(file) {
  if (/(\.test|\/testing|\/suite)\.ts$/.test(file)) return 400
  return path.basename(file) === 'main.ts' ? 60 : 300
}

const started = Date.now()
const results = await Promise.all(
  Object.entries({
    'format and lint': run(
      program('@biomejs/biome/bin/biome'),
      'check',
      '--diagnostic-level=warn',
      '--error-on-warnings',
    ),
    types: run(program('typescript/bin/tsc'), '-p', 'tsconfig.json'),
    'types of cmd/web': run(program('typescript/bin/tsc'), '-p', 'cmd/web'),
    imports: run(program('mocha/bin/mocha.js'), '--reporter=dot', '--spec=scripts/imports.test.ts'),
    'file sizes': longFiles(),
  }).map(async ([name, problem]) => ({ name, problem: await problem })),
)
for (const { name, problem } of results) {
  console.log(`${problem ? 'FAILED' : 'ok    '}  ${name}`)
  if (problem) console.log(problem.replace(/^/gm, '        '))
}
console.log(`check took ${((Date.now() - started) / 1000).toFixed(1)} s`)
process.exitCode = results.some(({ problem }) => problem) ? 1 : 0
