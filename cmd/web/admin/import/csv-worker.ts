import { type ReadFile, readCsv } from './read-csv.ts'

export type WorkerAnswer = { file: ReadFile } | { problem: string }

/** Reads a file beside the page, which goes on answering to the person meanwhile. */
addEventListener('message', async ({ data }: MessageEvent<File>) => {
  const answer: WorkerAnswer = await data
    .arrayBuffer()
    .then((bytes) => ({ file: readCsv(bytes) }))
    .catch((error) => ({ problem: error instanceof Error ? error.message : String(error) }))
  postMessage(answer)
})
