import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Script } from 'node:vm'
import { PlainError } from '#internal/runtime/plain-error'
import { UsageError } from './failure.ts'

const folder = 'internal/db/migrations'
const lineWidth = 120

/**
 * Writes the next-numbered migration file of a clone and lists it in index.ts, formatted as the linter wants both. Returns its path
 * in the clone.
 * @throws UsageError on a name that is none; PlainError when the name is taken or this is no clone.
 */
export async function makeMigration(root: string, name: string): Promise<string> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new UsageError(`"${name}" is no name of a migration: lower-case words joined by dashes, as in shoe-sizes.`)
  const index = path.join(root, folder, 'index.ts')
  const text = await readFile(index, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new PlainError('There are no sources here: `migrate new` works in a clone of the repository.')
  })
  const listed = [...text.matchAll(/^import \{ (\w+) \} from '\.\/(\d+)-([\w-]+)\.ts'$/gm)]
  const identifier = camelCase(name)
  if (!isFree(identifier)) throw new UsageError(`"${name}" is a word of the language. Add another to it.`)
  if (listed.some(([, other, , taken]) => taken === name || other === identifier))
    throw new PlainError(`There is a migration "${name}" already. Choose another name.`)
  const last = Math.max(0, ...listed.map(([, , number]) => Number(number)))
  const numbered = `${String(last + 1).padStart(3, '0')}-${name}`
  const file = path.join(folder, `${numbered}.ts`)
  // "wx": somebody else's file that is not listed yet stays as it is.
  await writeFile(path.join(root, file), template(identifier, numbered), { flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? new PlainError(`${file} exists already, but index.ts does not list it.`) : error
    },
  )
  await writeFile(index, withListed(text, identifier, numbered))
  return file
}

/** Whether a module may declare it; index.ts has names of its own. */
function isFree(identifier: string): boolean {
  if (identifier === 'migrations' || identifier === 'await') return false
  try {
    return Boolean(new Script(`'use strict'; let ${identifier}`))
  } catch {
    return false
  }
}

const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

const template = (identifier: string, name: string) => `import type { Migration } from '../migrate.ts'

export const ${identifier}: Migration = {
  name: '${name}',
  async up(db) {
    await db.raw(\`
      -- create table ...
    \`)
  },
}
`

function withListed(index: string, identifier: string, name: string): string {
  const imports = index.match(/^import .*$/gm) ?? []
  const lastImport = imports.at(-1)!
  const list = /(= )\[([^\]]*)\]/
  const names = [...index.match(list)![2]!.matchAll(/\w+/g)].map(([each]) => each).concat(identifier)
  const oneLine = `[${names.join(', ')}]`
  const declared = index.match(/^export const migrations.*= /m)![0]
  const fits = declared.length + oneLine.length <= lineWidth
  return index
    .replace(lastImport, `${lastImport}\nimport { ${identifier} } from './${name}.ts'`)
    .replace(list, `$1${fits ? oneLine : `[\n${names.map((each) => `  ${each},\n`).join('')}]`}`)
}
