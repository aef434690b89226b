import { Button, Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconLogout } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, useEffect } from 'react'
import { useLocation } from 'wouter'
import { api } from '../api/api.ts'
import type { Conversation } from '../api/views.ts'
import { titleOf } from '../conversations/list.ts'
import { useMe } from '../live/feed-context.tsx'
import { PersonLine } from '../people/person-line.tsx'
import { WhenOpen } from '../shared/when-open.tsx'
import classes from './chats.module.css'
import { chatKey } from './chats.ts'

const Confirm = lazy(() => import('../shared/confirm.tsx'))

/** Who is in a group, and the way out of it. */
export default function GroupDetails({ chat, onClose }: { chat: Conversation; onClose: () => void }) {
  const { username } = useMe()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const [leaving, leave] = useDisclosure()
  // No event tells who else has left.
  useEffect(() => void queries.invalidateQueries({ queryKey: chatKey(chat.id) }), [queries, chat.id])
  async function goOut(): Promise<void> {
    await api.delete(`/conversations/${chat.id}/members/me`)
    onClose()
    navigate('/messages')
  }
  return (
    <Drawer opened onClose={onClose} position="right" size="min(420px, 100%)" title={titleOf(chat, username)}>
      <div className={classes.parts}>
        <section>
          <h2>Members</h2>
          <ul className={classes.people}>
            {chat.members?.map((member) => (
              <PersonLine
                key={member}
                person={{ username: member, first_name: null, last_name: null }}
                note={member === username ? 'You' : undefined}
              />
            ))}
          </ul>
        </section>
        <Button variant="default" leftSection={<IconLogout size={18} />} onClick={leave.open}>
          Leave this group
        </Button>
      </div>
      <WhenOpen opened={leaving}>
        <Confirm onClose={leave.close} title="Leave this group?" action="Leave" run={goOut}>
          Nobody can take you in again. What you have written stays with the others.
        </Confirm>
      </WhenOpen>
    </Drawer>
  )
}
