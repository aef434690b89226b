import { Button, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconMessage, IconUserCheck, IconUserMinus, IconUserPlus } from '@tabler/icons-react'
import { lazy } from 'react'
import { textOf } from '../api/problem.ts'
import type { Account, Friend } from '../api/views.ts'
import { useOpenDirect, whyNot } from '../chats/open-chat.ts'
import { useFed } from '../live/feed-context.tsx'
import { FormError } from '../shared/form-error.tsx'
import { Time } from '../shared/time.tsx'
import { WhenOpen } from '../shared/when-open.tsx'
import { friendsQuery } from './friends.ts'
import classes from './people.module.css'
import { useFriendship } from './use-friendship.ts'

const Confirm = lazy(() => import('../shared/confirm.tsx'))

/** What one may do about somebody else. */
export function ProfileActions({ account: { username } }: { account: Account }) {
  const friends = useFed(friendsQuery)
  const message = useOpenDirect()
  const friendship = useFriendship(username)
  const friend = friends.data?.find((one) => one.username === username)
  const problem = message.error
    ? whyNot(message.error, [username])
    : friendship.error
      ? textOf(friendship.error)
      : undefined
  return (
    <div className={classes.actions}>
      <Group gap={8}>
        <Button
          leftSection={<IconMessage size={18} />}
          loading={message.isPending}
          onClick={() => message.mutate(username)}
        >
          Message
        </Button>
        {friends.data && <FriendButtons username={username} friend={friend} friendship={friendship} />}
      </Group>
      <FormError text={problem} />
      {friend && (
        <p className={classes.dim}>
          {says[friend.state](username)} <Time at={friend.since} as="relative" />
        </p>
      )}
    </div>
  )
}

const says: Record<Friend['state'], (username: string) => string> = {
  friend: () => 'Friends since',
  requested: () => 'You asked',
  asked: (username) => `${username} asked`,
}

interface FriendButtonsProps {
  username: string
  friend: Friend | undefined
  friendship: ReturnType<typeof useFriendship>
}

function FriendButtons({ username, friend, friendship: { ask, accept, remove } }: FriendButtonsProps) {
  const [removing, { open, close }] = useDisclosure()
  const takeBack = (text: string) => (
    <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
      {text}
    </Button>
  )
  if (!friend)
    return (
      <Button
        variant="default"
        leftSection={<IconUserPlus size={18} />}
        loading={ask.isPending}
        onClick={() => ask.mutate()}
      >
        Add friend
      </Button>
    )
  if (friend.state === 'requested') return takeBack('Take request back')
  if (friend.state === 'asked')
    return (
      <>
        <Button
          variant="light"
          leftSection={<IconUserCheck size={18} />}
          loading={accept.isPending}
          onClick={() => accept.mutate()}
        >
          Accept friendship
        </Button>
        {takeBack('Decline')}
      </>
    )
  return (
    <>
      <Button variant="default" leftSection={<IconUserMinus size={18} />} onClick={open}>
        Remove friend
      </Button>
      <WhenOpen opened={removing}>
        <Confirm onClose={close} title={`Remove ${username}?`} action="Remove" run={() => remove.mutateAsync()}>
          You are no friends any more, on both sides. To be friends again one has to ask and the other to accept.
        </Confirm>
      </WhenOpen>
    </>
  )
}
