import { Button } from '@mantine/core'
import { IconInbox, IconLink } from '@tabler/icons-react'
import { Link } from 'wouter'
import { Severity } from '../../alerts/severity.tsx'
import { api } from '../../api/api.ts'
import type { InboxItem } from '../../api/views.ts'
import { type FedQuery, reload } from '../../live/fed.ts'
import { useFed } from '../../live/feed-context.tsx'
import { Empty, Loaded } from '../../shared/notices.tsx'
import { loadUpTo, type Paged } from '../../shared/paged.ts'
import { Time } from '../../shared/time.tsx'
import classes from './recipient-inbox.module.css'

/** All that is within retention: the API begins with the oldest. */
const inboxQuery = (id: number): FedQuery<InboxItem[]> => ({
  queryKey: ['manage-inbox', id],
  load: async (signal) => {
    const get = (path: string) => api.get<Paged<InboxItem>>(path, { signal })
    const { items } = await loadUpTo(get, `/objects/${id}/inbox`, Number.POSITIVE_INFINITY)
    return items.toReversed()
  },
  reduce: (items, { event, data }) => {
    if (event === 'alert.raised') return reload
    // Whose marks these are, it does not say.
    const { alert_id } = data as { alert_id?: number }
    return event === 'alert.receipt_advanced' && items.some(({ id }) => id === alert_id) ? reload : items
  },
})

/** What a recipient was sent, the newest first, and what became of it. To look is not to receive. */
export function RecipientInbox({ id, onLink }: { id: number; onLink: () => void }) {
  const query = useFed(inboxQuery(id))
  return (
    <section className={classes.inbox} aria-labelledby="inbox-title">
      <div className={classes.title}>
        <h2 id="inbox-title">Inbox</h2>
        <Button variant="default" size="md" px={14} leftSection={<IconLink size={18} />} onClick={onLink}>
          Inbox link
        </Button>
      </div>
      <Loaded query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty icon={<IconInbox size={40} />} title="No alerts so far">
              <p>The alerts of the last weeks that went to this recipient are shown here, with when they were read.</p>
            </Empty>
          ) : (
            <ol className={classes.items}>
              {items.map((item) => (
                <li key={item.id} className={classes.item}>
                  <Item item={item} />
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </section>
  )
}

function Item({ item: { id, text, severity, created_at, ...marks } }: { item: InboxItem }) {
  return (
    <>
      <div className={classes.head}>
        <Severity severity={severity} />
        <Link href={`~/alerts/${id}`}>Alert {id}</Link>
        <Time at={created_at} />
      </div>
      <p className={classes.text}>{text}</p>
      <Marks {...marks} />
    </>
  )
}

function Marks({
  delivered_at,
  read_at,
  acknowledged_at,
}: Pick<InboxItem, 'delivered_at' | 'read_at' | 'acknowledged_at'>) {
  if (!delivered_at) return <p className={classes.missing}>Not delivered yet</p>
  return (
    <p className={classes.marks}>
      Delivered <Time at={delivered_at} />
      {read_at ? (
        <>
          {' · '}Read <Time at={read_at} />
        </>
      ) : (
        ' · Not read yet'
      )}
      {acknowledged_at && (
        <>
          {' · '}Acknowledged <Time at={acknowledged_at} />
        </>
      )}
    </p>
  )
}
