import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api } from '../../api/api.ts'
import type { Import } from '../../api/views.ts'
import type { WorkerAnswer } from './csv-worker.ts'
import { Importer, type Progress } from './importer.ts'
import type { BadLine, ReadFile, Row } from './read-csv.ts'

/** A larger file is one for the command line. */
const mostMegabytes = 20

/** A file on its way to being imported: read, then checked by the API, then sent. */
export function useImport() {
  const queries = useQueryClient()
  const [name, setName] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const [file, setFile] = useState<ReadFile>()
  const [check, setCheck] = useState<Progress>()
  const [made, setMade] = useState<Progress>()
  const running = useRef<Importer>(undefined)
  const worker = useRef<Worker>(undefined)

  function reset() {
    worker.current?.terminate()
    running.current?.stop()
    setName(undefined)
    setProblem(undefined)
    setFile(undefined)
    setCheck(undefined)
    setMade(undefined)
  }
  useEffect(
    () => () => {
      worker.current?.terminate()
      running.current?.stop()
    },
    [],
  )

  function run(rows: Row[], dry_run: boolean, onChange: (progress: Progress) => void): Promise<void> {
    running.current = new Importer(rows, {
      onChange,
      send: (batch, key) => {
        const objects = batch.map(({ email, phone_number }) => ({ email, phone_number }))
        return api.post<Import>('/objects/import', { objects, dry_run }, dry_run ? {} : { key })
      },
    })
    return running.current.start()
  }

  function choose(chosen: File) {
    reset()
    if (chosen.size > mostMegabytes * 2 ** 20) {
      setProblem(`The file has more than ${mostMegabytes} MB: split it, or use "belfry objects import".`)
      return
    }
    setName(chosen.name)
    worker.current = new Worker(new URL('./csv-worker.ts', import.meta.url), { type: 'module' })
    worker.current.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
      worker.current?.terminate()
      if ('problem' in data) return setProblem(data.problem)
      setFile(data.file)
      void run(data.file.rows, true, setCheck)
    }
    worker.current.onerror = () => setProblem('The file could not be read.')
    worker.current.postMessage(chosen)
  }

  const bad: BadLine[] = [...(file?.bad ?? []), ...(check?.bad ?? [])].sort((a, b) => a.line - b.line)

  function begin() {
    const left = new Set(bad.map(({ line }) => line))
    const rows = file!.rows.filter(({ line }) => !left.has(line))
    void run(rows, false, setMade).finally(() => queries.invalidateQueries({ queryKey: ['manage-recipients'] }))
  }

  return {
    name,
    problem,
    file,
    check,
    made,
    bad,
    choose,
    begin,
    reset,
    stop: () => running.current?.stop(),
    goOn: () =>
      void running.current?.start().finally(() => queries.invalidateQueries({ queryKey: ['manage-recipients'] })),
  }
}

export type ImportJob = ReturnType<typeof useImport>
