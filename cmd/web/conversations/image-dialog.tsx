import { Modal } from '@mantine/core'
import type { Attachment } from '../api/views.ts'
import { Loading } from '../shared/notices.tsx'
import { useImage } from './attachments.tsx'
import classes from './messages.module.css'

/** One image as large as the window has room for. */
export default function ImageDialog({ attachment, onClose }: { attachment: Attachment; onClose: () => void }) {
  const { url } = useImage(attachment.id)
  return (
    <Modal opened onClose={onClose} size="auto" title={`${attachment.width} × ${attachment.height}`}>
      {url ? <img className={classes.large} src={url} alt="Of the message" /> : <Loading />}
    </Modal>
  )
}
