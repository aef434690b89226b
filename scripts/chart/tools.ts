import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { toolsDirectory } from '#internal/testing/cache'
import { need, run } from './run.ts'
import { type Tool, type ToolName, tools } from './tool-list.ts'

/**
 * Paths of all tools: those on PATH where the version is right, else those of a cache, which Go fills once. Building all of them takes
 * about ten minutes on two cores.
 * @throws when one can neither be found nor built
 */
export async function findTools(): Promise<Record<ToolName, string>> {
  const found: Partial<Record<ToolName, string>> = {}
  for (const name of Object.keys(tools) as ToolName[]) found[name] = await findTool(name)
  return found as Record<ToolName, string>
}

/** Path of one. @throws when it can neither be found nor built */
export async function findTool(name: ToolName): Promise<string> {
  const found = await toolAtHand(name)
  if (found !== undefined) return found
  await build(tools[name], cached(name))
  return cached(name)
}

/** Path of one that needs not be built; undefined when it does. */
export async function toolAtHand(name: ToolName): Promise<string | undefined> {
  // scripts/install-prometheus.sh puts promtool there by its plain name.
  for (const program of [name, path.join(toolsDirectory, name)]) if (await isRight(program, tools[name])) return program
  return existsSync(cached(name)) ? cached(name) : undefined
}

const cached = (name: ToolName) => path.join(toolsDirectory, `${name}-${tools[name].version}`)

async function isRight(program: string, { ask, answer }: Tool): Promise<boolean> {
  const result = await run(program, ask ?? ['--help']).catch(() => undefined)
  return result !== undefined && (answer === undefined || answer.test(result.stdout))
}

/** Appears as a whole or not at all. Two at once do it twice. */
async function build({ module, version, main, set, tags }: Tool, file: string): Promise<void> {
  process.stderr.write(`Building ${path.basename(file)}...\n`)
  await mkdir(toolsDirectory, { recursive: true })
  const work = await mkdtemp(`${file}.part.`)
  try {
    // As the main module of a build, its own go.sum and replacements count, which `go install` refuses.
    const source = path.join(work, 'source')
    await cp(await moduleDirectory(module, version), source, { recursive: true })
    await makeWritable(source)
    const flags = ['-s', '-w', ...Object.entries(set).map(([variable, value]) => `-X ${variable}=${value}`)]
    const out = path.join(work, 'tool')
    const args = [
      'build',
      '-trimpath',
      '-buildvcs=false',
      `-ldflags=${flags.join(' ')}`,
      `-tags=${tags ?? ''}`,
      '-o',
      out,
    ]
    await need('go', [...args, main], { cwd: source, env: { CGO_ENABLED: '0' } })
    await rename(out, file)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Where Go has put the sources of a module, which nobody may write to. */
export async function moduleDirectory(module: string, version: string): Promise<string> {
  await mkdir(toolsDirectory, { recursive: true })
  const answer = await need('go', ['mod', 'download', '-json', `${module}@${version}`], { cwd: toolsDirectory }).catch(
    (error) => {
      if (error.code === 'ENOENT')
        throw new Error('The tools of the chart are built with Go 1.26 or newer: install it.')
      throw error
    },
  )
  return (JSON.parse(answer) as { Dir: string }).Dir
}

async function makeWritable(directory: string): Promise<void> {
  await chmod(directory, 0o755)
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name)
    if (entry.isDirectory()) await makeWritable(file)
    else if (entry.isFile()) await chmod(file, 0o644)
  }
}
