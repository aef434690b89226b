import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { chart } from './render.ts'
import { run } from './run.ts'
import { schemaOf } from './schema.ts'

/** What is made from values.yaml and README.md.gotmpl: names of files in the chart, with their text. */
export async function generated(helmDocs: string): Promise<Map<string, string>> {
  const values = await readFile(path.join(chart, 'values.yaml'), 'utf8')
  // It ends with 0 whatever happens, and prints nothing but the text at this level.
  const args = ['--dry-run', '--log-level', 'warning', '--chart-search-root', chart, '--sort-values-order', 'file']
  const { stdout: readme, stderr } = await run(helmDocs, args)
  if (stderr) throw new Error(stderr)
  return new Map([
    ['values.schema.json', `${JSON.stringify(schemaOf(values), undefined, 2)}\n`],
    ['README.md', `${readme.trim()}\n`],
  ])
}
