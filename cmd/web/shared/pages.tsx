import { Button } from '@mantine/core'
import { keepPreviousData, type QueryKey, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { api } from '../api/api.ts'
import { Failure, Loading } from './notices.tsx'
import { type Paged, withPage } from './paged.ts'

const pageSize = 50

/** A list of the API page by page. What is shown stays until what is asked for next has come. */
export function usePages<T>(queryKey: QueryKey, path: string, { refetchInterval }: { refetchInterval?: number } = {}) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => api.get<Paged<T>>(withPage(path, pageParam, pageSize), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    // No event speaks of these lists.
    staleTime: 0,
    placeholderData: keepPreviousData,
    ...(refetchInterval && { refetchInterval }),
  })
}

/** What came so far and a button for more; `empty` where there is nothing. */
export function Pages<T>({
  list,
  empty,
  children,
}: {
  list: UseInfiniteQueryResult<T[]>
  empty: ReactNode
  children: (items: T[]) => ReactNode
}) {
  if (!list.data) return list.error ? <Failure error={list.error} onRetry={() => void list.refetch()} /> : <Loading />
  return (
    <>
      {list.error && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.data.length === 0 ? empty : children(list.data)}
      {list.hasNextPage && (
        <Button
          variant="default"
          m={16}
          size="md"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  )
}
