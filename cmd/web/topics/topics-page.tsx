import { Link, useSearch } from 'wouter'
import { ConversationView } from '../conversations/conversation-view.tsx'
import { conversationsQuery, titleOf } from '../conversations/list.ts'
import { useFed, useMe } from '../live/feed-context.tsx'
import { Header, Panes } from '../shared/panes.tsx'

export default function TopicsPage({ id }: { id: string | undefined }) {
  const me = useMe()
  const list = useFed(conversationsQuery(me.username)).data ?? []
  const at = new URLSearchParams(useSearch()).get('at')
  const found = list.find((one) => String(one.id) === id)
  return (
    <Panes
      open={id !== undefined}
      list={
        <>
          <Header title="Topics" />
          {list.map((one) => (
            <Link key={one.id} href={`/topics/${one.id}`}>
              {titleOf(one, me.username)} {one.unread_count}
            </Link>
          ))}
        </>
      }
    >
      {id && (
        <ConversationView
          key={id}
          conversationId={Number(id)}
          title={found ? titleOf(found, me.username) : 'Topic'}
          back="/topics"
          {...(at ? { at: Number(at) } : {})}
        />
      )}
    </Panes>
  )
}
