import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { generated } from './generated.ts'
import { chart } from './render.ts'
import { findTool } from './tools.ts'

// `npm run generate:chart`: makes values.schema.json and README.md of the chart anew.
for (const [name, text] of await generated(await findTool('helm-docs'))) await writeFile(path.join(chart, name), text)
