import { type MultiToken, tokenize } from 'linkifyjs'
import { Fragment, memo } from 'react'
import type { Message } from '../api/views.ts'
import { Time } from '../shared/time.tsx'
import classes from './messages.module.css'

const emojiAlone = /^(?:\p{RGI_Emoji}\s*){1,3}$/v

/** What was written, with its links, as text and never as markup. */
export const MessageText = memo(function MessageText({ message }: { message: Message }) {
  if (message.deleted_at) return <p className={classes.deleted}>{message.author} deleted this message.</p>
  if (!message.body) return null
  return (
    <p className={classes.text} data-large={emojiAlone.test(message.body)}>
      {tokenize(message.body).map((token, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a token has no identity but its place
        <Fragment key={i}>{nodeOf(token)}</Fragment>
      ))}
      {message.edited_at && (
        <small className={classes.edited}>
          {' '}
          (edited <Time at={message.edited_at} as="short" />)
        </small>
      )}
    </p>
  )
})

function nodeOf(token: MultiToken) {
  const href = token.isLink && token.t === 'url' ? token.toHref('https') : ''
  if (!/^https?:\/\//i.test(href)) return token.toString()
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {token.toString()}
    </a>
  )
}
