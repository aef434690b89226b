import { useCallback, useEffect, useRef, useState } from 'react'
import { api } from '../api/api.ts'
import { textOf } from '../api/problem.ts'
import type { Attachment } from '../api/views.ts'

export const imageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']
const atMost = 10

export interface Upload {
  id: number
  name: string
  /** Of this page. */
  preview: string
  attachment?: Attachment
  problem?: string
}

let ids = 0

/** Images that go up while one still writes, and belong to the message that is sent next. */
export function useUploads(conversationId: number) {
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  const gone = useRef(new AbortController())
  useEffect(() => {
    gone.current = new AbortController()
    return () => gone.current.abort()
  }, [])

  const add = useCallback(
    (files: File[]) => {
      const begun = files.map((file) => ({ file, upload: begin(file) }))
      setUploads((old) => {
        const all = [...old, ...begun.map(({ upload }) => upload)]
        return all.map((upload, i) =>
          i < atMost ? upload : { ...upload, problem: `A message takes ${atMost} images.` },
        )
      })
      for (const { file, upload } of begun.filter(({ upload }) => !upload.problem)) {
        const set = (change: Partial<Upload>) =>
          setUploads((old) => old.map((one) => (one.id === upload.id ? { ...one, ...change } : one)))
        api
          .upload<Attachment>(`/conversations/${conversationId}/attachments`, file, { signal: gone.current.signal })
          .then(
            (attachment) => set({ attachment }),
            (error) => set({ problem: textOf(error) }),
          )
      }
    },
    [conversationId],
  )
  const remove = useCallback((id: number) => {
    setUploads((old) => {
      for (const upload of old) if (upload.id === id) URL.revokeObjectURL(upload.preview)
      return old.filter((upload) => upload.id !== id)
    })
  }, [])
  const clear = useCallback(() => {
    setUploads((old) => {
      for (const { preview } of old) URL.revokeObjectURL(preview)
      return []
    })
  }, [])
  return {
    uploads,
    attachments: uploads.flatMap(({ attachment }) => attachment ?? []),
    /** One is on its way, or could not be taken and is to be removed first. */
    isBusy: uploads.some(({ attachment }) => !attachment),
    add,
    remove,
    clear,
  }
}

function begin(file: File): Upload {
  const problem = imageTypes.includes(file.type) ? undefined : 'Only PNG, JPEG, GIF and WebP images can be sent.'
  return { id: ++ids, name: file.name, preview: URL.createObjectURL(file), ...(problem && { problem }) }
}
