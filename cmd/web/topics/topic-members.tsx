import { Button } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, useState } from 'react'
import { api } from '../api/api.ts'
import type { Member, Topic } from '../api/views.ts'
import { useMe } from '../live/feed-context.tsx'
import { PersonLine } from '../people/person-line.tsx'
import { Failure, Loading } from '../shared/notices.tsx'
import { type Paged, withPage } from '../shared/paged.ts'
import { WhenOpen } from '../shared/when-open.tsx'
import classes from './details.module.css'
import { mayManage, topicKey } from './topic.ts'

const Confirm = lazy(() => import('../shared/confirm.tsx'))

const membersKey = (topicId: number) => ['topic', topicId, 'members'] as const

/** Who is in a topic, page by page. No event tells of them, so they are asked for whenever this is opened. */
export function Members({ topic }: { topic: Topic }) {
  const me = useMe()
  const queries = useQueryClient()
  const [removing, setRemoving] = useState<string>()
  const members = useInfiniteQuery({
    queryKey: membersKey(topic.id),
    queryFn: ({ pageParam, signal }) =>
      api.get<Paged<Member>>(withPage(`/topics/${topic.id}/members`, pageParam, 50), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  })
  async function remove(): Promise<void> {
    await api.delete(`/topics/${topic.id}/members/${removing}`)
    // Who it was may have been the owner.
    await queries.invalidateQueries({ queryKey: topicKey(topic.id) })
  }
  return (
    <section className={classes.part}>
      <h2>Members</h2>
      {members.isPending && <Loading />}
      {members.error && <Failure error={members.error} onRetry={() => void members.refetch()} />}
      <ul className={classes.people}>
        {members.data?.pages
          .flatMap(({ items }) => items)
          .map((member) => (
            <PersonLine
              key={member.username}
              person={member}
              note={member.username === topic.owner ? 'Owner' : undefined}
              actions={
                mayManage(topic, me) &&
                member.username !== me.username && (
                  <Button
                    variant="subtle"
                    color="gray"
                    size="xs"
                    aria-label={`Take ${member.username} out`}
                    onClick={() => setRemoving(member.username)}
                  >
                    Take out
                  </Button>
                )
              }
            />
          ))}
      </ul>
      {members.hasNextPage && (
        <Button variant="default" loading={members.isFetchingNextPage} onClick={() => void members.fetchNextPage()}>
          More members
        </Button>
      )}
      <WhenOpen opened={removing !== undefined}>
        <Confirm
          onClose={() => setRemoving(undefined)}
          title={`Take ${removing} out of ${topic.name}?`}
          action="Take out"
          run={remove}
        >
          {topic.visibility === 'private'
            ? 'To come back takes an invitation.'
            : 'The topic is public: anybody can join again.'}
        </Confirm>
      </WhenOpen>
    </section>
  )
}
