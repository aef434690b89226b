import { Alerts } from './alerts.tsx'
import { Closed } from './closed.tsx'
import classes from './inbox.module.css'
import { useToken } from './link.ts'

/** The alerts of one recipient, for whoever has the link. Needs no account. */
export default function InboxPage({ objectId }: { objectId: string }) {
  const token = useToken(objectId)
  const isUsable = /^[1-9]\d{0,9}$/.test(objectId) && token !== undefined && /^[\w-]+$/.test(token)
  return (
    <main className={classes.page}>
      {isUsable ? (
        <Alerts key={`${objectId} ${token}`} objectId={Number(objectId)} token={token} />
      ) : (
        <Closed
          title="This page is opened by its link"
          words="Use the link to your inbox that you were given, the whole of it."
        />
      )}
    </main>
  )
}
