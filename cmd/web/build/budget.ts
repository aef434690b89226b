import { gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

const limitKb = 195

/** Lazy parts that whoever is logged in sees first: without them there would be nothing to look at. */
const firstPage = /\/(shell\/workspace|topics\/topics-page)\.tsx$/

/**
 * Says how much script the first load takes, gzipped: the entry, the first page of who is logged in, and all that these import
 * statically. Above the limit the build fails.
 */
export function budget(): Plugin {
  return {
    name: 'belfry-budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const sizes = firstLoad(bundle).map((chunk) => ({ file: chunk.fileName, kb: gzipSync(chunk.code).length / 1000 }))
      const total = sizes.reduce((sum, { kb }) => sum + kb, 0)
      const list = sizes
        .toSorted((a, b) => b.kb - a.kb)
        .map(({ file, kb }) => `${kb.toFixed(1)} kB ${file}`)
        .join(', ')
      const text = `The first load takes ${total.toFixed(1)} kB of script, gzipped, of at most ${limitKb}: ${list}.`
      if (total > limitKb) this.error(`${text} Import lazily what it does not need.`)
      this.info(text)
    },
  }
}

function firstLoad(bundle: Rolldown.OutputBundle): Rolldown.OutputChunk[] {
  const found = new Set<Rolldown.OutputChunk>()
  const add = (output: Rolldown.OutputBundle[string] | undefined) => {
    if (output?.type !== 'chunk' || found.has(output)) return
    found.add(output)
    for (const name of output.imports) add(bundle[name])
  }
  for (const output of Object.values(bundle))
    if (output.type === 'chunk' && (output.isEntry || firstPage.test(output.facadeModuleId ?? ''))) add(output)
  return [...found]
}
