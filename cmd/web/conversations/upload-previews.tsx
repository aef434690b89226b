import { ActionIcon, Loader } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import classes from './composer.module.css'
import type { Upload } from './use-uploads.ts'

/** What goes along with the next message, and what does not and why. */
export function UploadPreviews({ uploads, onRemove }: { uploads: readonly Upload[]; onRemove: (id: number) => void }) {
  if (uploads.length === 0) return null
  return (
    <ul className={classes.previews} aria-label="Images to send">
      {uploads.map(({ id, name, preview, attachment, problem }) => (
        <li key={id} className={classes.preview} data-failed={problem !== undefined}>
          <img src={preview} alt={name} />
          {!attachment && !problem && <Loader className={classes.loader!} size="sm" aria-label={`Uploading ${name}`} />}
          {problem && (
            <span className={classes.problem} role="alert">
              {problem}
            </span>
          )}
          <ActionIcon
            className={classes.remove!}
            size="sm"
            radius="xl"
            variant="filled"
            color="dark"
            aria-label={`Remove ${name}`}
            onClick={() => onRemove(id)}
          >
            <IconX size={14} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  )
}
