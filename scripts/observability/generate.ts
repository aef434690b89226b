import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { directory, generate } from './generated.ts'

// Writes the rules and dashboards of the chart anew: `npm run observability`.
const root = path.resolve(import.meta.dirname, '../..')
for (const [file, text] of generate()) {
  const target = path.join(root, directory, file)
  mkdirSync(path.dirname(target), { recursive: true })
  writeFileSync(target, text)
}
