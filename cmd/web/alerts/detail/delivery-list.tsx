import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import type { Alert, Deliveries } from '../../api/views.ts'
import { Failure, Loading } from '../../shared/notices.tsx'
import { withPage } from '../../shared/paged.ts'
import { count } from '../../shared/plural.ts'
import { Time } from '../../shared/time.tsx'
import classes from './deliveries.module.css'
import { deliveriesKey, type Picked } from './delivery-states.ts'

// What is below should not be far away.
const firstPage = 5
const otherPages = 50
const everyMs = 5000

/** The deliveries of one channel in one state, with what went wrong. */
export function DeliveryList({ alert, picked: { channel, state } }: { alert: Alert; picked: Picked }) {
  const path = `/alerts/${alert.id}/deliveries?channel=${channel}&state=${state}`
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: [...deliveriesKey(alert.id), channel, state],
    queryFn: ({ pageParam, signal }) =>
      api.get<Deliveries>(withPage(path, pageParam, pageParam === null ? firstPage : otherPages), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
    refetchInterval: state === 'sent' || state === 'dead' ? false : everyMs,
  })
  if (!data) return error ? <Failure error={error} onRetry={refetch} /> : <Loading what="Deliveries" />
  return (
    <>
      <ul className={classes.list}>
        {data.pages
          .flatMap(({ items }) => items)
          .map((item) => (
            <li key={`${item.object_id} ${item.round}`}>
              <span className={classes.to}>
                {item.to ?? `Recipient #${item.object_id}`}
                {item.round > 0 && <span className={classes.note}> sent again, round {item.round}</span>}
              </span>
              <span className={classes.note}>
                {item.sent_at !== null && (
                  <>
                    Sent <Time at={item.sent_at} as="relative" />
                  </>
                )}
                {item.error !== null && item.sent_at === null && count(item.attempts, 'attempt')}
                {item.next_attempt_at !== null && (
                  <>
                    , the next <Time at={item.next_attempt_at} as="relative" />
                  </>
                )}
              </span>
              {item.error !== null && item.sent_at === null && <span className={classes.error}>{item.error}</span>}
            </li>
          ))}
      </ul>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  )
}
