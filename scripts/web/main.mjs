import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildWeb, isFresh } from './build.mjs'

// Builds the user interface where it is not what the sources are; before `npm start`, and of `npm run build`, which wants to hear of
// it (--verbose). A few milliseconds where there is nothing to do.
const root = fileURLToPath(new URL('../..', import.meta.url))

try {
  if (!isFresh(root)) await buildWeb(root, process.argv.includes('--verbose') ? 'info' : 'warn')
} catch (error) {
  if (['EACCES', 'EPERM', 'EROFS'].includes(error.code)) goOn(error)
  else {
    console.error(`${error.message}\nThe user interface could not be built; the reason is above.`)
    process.exitCode = 1
  }
}

/** In a checkout that we may only read. */
function goOn(error) {
  const left = existsSync(path.join(root, 'dist/web/index.html')) ? 'an older one is used' : 'there will be none'
  console.log(`The user interface cannot be built here, ${left}: ${error.message}`)
}
