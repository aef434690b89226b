import { IconBellOff, IconLinkOff } from '@tabler/icons-react'
import { useEffect } from 'react'
import { Refused } from '../api/problem.ts'
import { Empty } from '../shared/notices.tsx'
import classes from './inbox.module.css'
import { forgetToken } from './link.ts'

/** Whether the server has said that this link leads nowhere. */
export const isLinkRefused = (error: unknown): boolean =>
  error instanceof Refused && [401, 403, 404].includes(error.status)

/** The link was replaced by another, or whom it was for was removed. */
export function NotValid({ objectId, token }: { objectId: number; token: string }) {
  useEffect(() => forgetToken(String(objectId), token), [objectId, token])
  return (
    <Closed
      title="This link is not valid any more"
      words="No alerts reach you here. Ask whoever sent it to you for a new one."
      isBad
    />
  )
}

/** Why there is no inbox here. */
export function Closed({ title, words, isBad }: { title: string; words: string; isBad?: boolean }) {
  useEffect(() => {
    document.title = `${title} · Belfry`
  }, [title])
  const Icon = isBad ? IconBellOff : IconLinkOff
  return (
    <>
      <h1 className={classes.hidden}>Inbox</h1>
      <Empty icon={<Icon size={44} stroke={1.5} />} title={title}>
        <p>{words}</p>
      </Empty>
    </>
  )
}
