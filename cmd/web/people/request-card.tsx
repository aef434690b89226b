import { Button, Group } from '@mantine/core'
import { Link } from 'wouter'
import { textOf } from '../api/problem.ts'
import type { Friend } from '../api/views.ts'
import { Avatar } from '../shared/avatar.tsx'
import { FormError } from '../shared/form-error.tsx'
import { Time } from '../shared/time.tsx'
import classes from './people.module.css'
import { fullName } from './person.ts'
import { useFriendship } from './use-friendship.ts'

/** Somebody wants to be friends: yes or no. */
export function RequestCard({ friend }: { friend: Friend }) {
  const { username, since } = friend
  const { accept, remove, error } = useFriendship(username)
  return (
    <li className={classes.request}>
      <Link href={`/people/${username}`} className={classes.asker!}>
        <Avatar name={username} size={40} />
        <span>
          <strong>{username}</strong>
          <span className={classes.dim}>
            {[fullName(friend)].filter(Boolean).map((name) => `${name} · `)}
            <Time at={since} as="relative" />
          </span>
        </span>
      </Link>
      <FormError text={error ? textOf(error) : undefined} />
      <Group gap={8} grow>
        <Button loading={accept.isPending} onClick={() => accept.mutate()} aria-label={`Accept ${username}`}>
          Accept
        </Button>
        <Button
          variant="default"
          loading={remove.isPending}
          onClick={() => remove.mutate()}
          aria-label={`Decline ${username}`}
        >
          Decline
        </Button>
      </Group>
    </li>
  )
}
