import { writeFileSync } from 'node:fs'
import { views, viewsFile } from './views.ts'

// `npm run generate:web`: makes the types of what the API answers anew, for the user interface.
writeFileSync(viewsFile, await views())
