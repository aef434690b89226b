import { IconPhotoOff } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { api } from '../api/api.ts'
import type { Attachment } from '../api/views.ts'
import classes from './messages.module.css'

const ImageDialog = lazy(() => import('./image-dialog.tsx'))

const widest = 380
const highest = 300

/** The images of a message, in the place that they need from the beginning. */
export function Attachments({ attachments }: { attachments: Attachment[] }) {
  const [shown, setShown] = useState<Attachment>()
  if (attachments.length === 0) return null
  return (
    <div className={classes.images}>
      {attachments.map((attachment) => (
        <Thumbnail key={attachment.id} attachment={attachment} onOpen={() => setShown(attachment)} />
      ))}
      <Suspense>{shown && <ImageDialog attachment={shown} onClose={() => setShown(undefined)} />}</Suspense>
    </div>
  )
}

function Thumbnail({ attachment, onOpen }: { attachment: Attachment; onOpen: () => void }) {
  const { url, failed } = useImage(attachment.id)
  const scale = Math.min(1, widest / attachment.width, highest / attachment.height)
  const style = {
    width: Math.max(44, Math.round(attachment.width * scale)),
    aspectRatio: `${attachment.width} / ${attachment.height}`,
  }
  return (
    <button type="button" className={classes.image} style={style} onClick={onOpen} aria-label="Show the image large">
      {url && <img src={url} alt="" />}
      {failed && <IconPhotoOff aria-label="The image cannot be loaded" />}
    </button>
  )
}

/** An image as a URL of this page: `<img>` itself cannot say who is asking. */
export function useImage(id: number): { url: string | undefined; failed: boolean } {
  const [url, setUrl] = useState<string>()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    const gone = new AbortController()
    let made: string | undefined
    api.download(`/attachments/${id}`, { signal: gone.signal }).then(
      (blob) => {
        if (gone.signal.aborted) return
        made = URL.createObjectURL(blob)
        setUrl(made)
      },
      () => setFailed(!gone.signal.aborted),
    )
    return () => {
      gone.abort()
      if (made) URL.revokeObjectURL(made)
    }
  }, [id])
  return { url, failed }
}
