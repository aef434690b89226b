import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Plugin } from 'vite'

const { resolve } = createRequire(import.meta.url)
const files = ['en/data.json', 'en/messages.json']

const read = (file: string) => readFileSync(resolve(`emojibase-data/${file}`))

/** The data of the emoji picker below /emoji, so that it asks no foreign host. */
export function emoji(): Plugin {
  return {
    name: 'belfry-emoji',
    generateBundle() {
      for (const file of files) this.emitFile({ type: 'asset', fileName: `emoji/${file}`, source: read(file) })
    },
    configureServer({ middlewares }) {
      for (const file of files)
        middlewares.use(`/emoji/${file}`, (_request, response) => {
          response.setHeader('Content-Type', 'application/json').end(read(file))
        })
    },
  }
}
