import { readFileSync } from 'node:fs'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '../..')

export const readDocument = (file: string): string => readFileSync(path.join(root, file), 'utf8')

export interface Block {
  language: string
  text: string
}

/** The fenced blocks of a document, in order; those of one section when a heading is given. */
export function blocksOf(document: string, heading?: string): Block[] {
  const section = heading ? document.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] : document
  if (section === undefined) throw new Error(`there is no section ${heading}`)
  return [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
    language: language!,
    text: text!.trimEnd(),
  }))
}
