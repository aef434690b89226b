import { ActionIcon, FileButton, Textarea } from '@mantine/core'
import { IconClock, IconPhotoPlus, IconSend2, IconX } from '@tabler/icons-react'
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { Message } from '../api/views.ts'
import { newKey } from '../shared/request-key.ts'
import classes from './composer.module.css'
import { keepDraft, keptDraft } from './drafts.ts'
import { EmojiButton } from './emoji-button.tsx'
import { useOutbox } from './outbox-provider.tsx'
import { UploadPreviews } from './upload-previews.tsx'
import { imageTypes, useUploads } from './use-uploads.ts'

export interface ComposerProps {
  conversationId: number
  /** Only members schedule messages; who posts into a public topic becomes one. */
  isMember: boolean
  replyTo: Message | undefined
  /** The reply was sent, or is none any more. */
  onReplied: () => void
  onSent: () => void
  /** The arrow up, where nothing is written. */
  onEditLast: () => void
}

/** Where one writes. What is sent goes to the outbox: on the screen at once, and to the server as soon as there is a way. */
export function Composer({ conversationId, isMember, replyTo, onReplied, onSent, onEditLast }: ComposerProps) {
  const outbox = useOutbox()
  const uploads = useUploads(conversationId)
  const [text, setText] = useState(() => keptDraft(conversationId))
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => keepDraft(conversationId, text), [conversationId, text])
  useEffect(() => {
    if (replyTo) field.current?.focus()
  }, [replyTo])

  const isReady = (text.trim() !== '' || uploads.attachments.length > 0) && !uploads.isBusy
  function send() {
    if (!isReady) return
    outbox.send({
      key: newKey(),
      conversationId,
      body: text,
      replyTo: replyTo?.id ?? null,
      attachments: uploads.attachments,
    })
    setText('')
    uploads.clear()
    onReplied()
    onSent()
    field.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    // On a touch screen Enter begins a line: there is a button to send.
    const isTouch = matchMedia('(pointer: coarse)').matches
    if (event.key === 'Enter' && !event.shiftKey && !isTouch && !event.nativeEvent.isComposing) {
      event.preventDefault()
      send()
    }
    if (event.key === 'Escape' && replyTo) onReplied()
    if (event.key === 'ArrowUp' && text === '') {
      event.preventDefault()
      onEditLast()
    }
  }

  function take(event: ClipboardEvent | DragEvent, data: DataTransfer | null) {
    const files = [...(data?.files ?? [])]
    if (files.length === 0) return
    event.preventDefault()
    uploads.add(files)
  }

  function insert(emoji: string) {
    const { selectionStart = text.length, selectionEnd = text.length } = field.current ?? {}
    setText(text.slice(0, selectionStart) + emoji + text.slice(selectionEnd))
    field.current?.focus()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping files is a convenience; there is a button
    <div
      className={classes.composer}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => take(event, event.dataTransfer)}
    >
      {replyTo && (
        <div className={classes.reply}>
          <span>
            Replying to <strong>{replyTo.author}</strong>: {replyTo.body ?? 'an image'}
          </span>
          <ActionIcon variant="subtle" color="gray" aria-label="Do not reply" onClick={onReplied}>
            <IconX size={18} />
          </ActionIcon>
        </div>
      )}
      <UploadPreviews uploads={uploads.uploads} onRemove={uploads.remove} />
      <div className={classes.line}>
        <FileButton multiple accept={imageTypes.join(',')} onChange={uploads.add}>
          {(props) => (
            <ActionIcon {...props} variant="subtle" color="gray" size={44} aria-label="Add images">
              <IconPhotoPlus size={22} />
            </ActionIcon>
          )}
        </FileButton>
        <Textarea
          ref={field}
          className={classes.field!}
          aria-label="Write a message"
          placeholder="Write a message"
          autosize
          maxRows={8}
          size="md"
          maxLength={10_000}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => take(event, event.clipboardData)}
        />
        {isMember && text.trim() !== '' && !replyTo && uploads.uploads.length === 0 && (
          <ActionIcon
            component={Link}
            href={`/alerts/schedules/new?conversation=${conversationId}`}
            className={classes.later!}
            variant="subtle"
            color="gray"
            size={44}
            title="Send later"
            aria-label="Send later"
          >
            <IconClock size={22} />
          </ActionIcon>
        )}
        <EmojiButton onPick={insert} />
        <ActionIcon size={44} radius="xl" aria-label="Send" disabled={!isReady} onClick={send}>
          <IconSend2 size={21} />
        </ActionIcon>
      </div>
    </div>
  )
}
