import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '../api/api.ts'
import type { FoundMessage } from '../api/views.ts'
import type { Paged } from '../shared/paged.ts'

const pageSize = 30
/** So many are looked for without being asked, in so many pages: the server looks so far back for each, and may have found few. */
const enough = 10
const pagesAtOnce = 4

/** Messages with all of the words, newest first; in one conversation, or wherever one may read. Nothing for no words. */
export function useFound(words: string, conversationId: number | undefined) {
  const query = useInfiniteQuery({
    queryKey: ['search', words, conversationId ?? null],
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams({ q: words, limit: String(pageSize) })
      if (conversationId !== undefined) asked.set('conversation_id', String(conversationId))
      if (pageParam !== null) asked.set('after', pageParam)
      return api.get<Paged<FoundMessage>>(`/search?${asked}`, { signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled: words !== '',
    placeholderData: keepPreviousData,
    // What is said now is found now.
    staleTime: 0,
    gcTime: 60_000,
  })
  const { data, hasNextPage, isFetching, isPlaceholderData, error, refetch, fetchNextPage } = query
  const found = words === '' ? [] : (data?.pages.flatMap(({ items }) => items) ?? [])
  const isShort = found.length < enough && (data?.pages.length ?? 0) < pagesAtOnce
  const goesOn = words !== '' && hasNextPage && isShort && !isPlaceholderData && !error
  useEffect(() => {
    if (goesOn && !isFetching) void fetchNextPage()
  }, [goesOn, isFetching, fetchNextPage])
  return {
    found,
    /** Whether there may be more, further back. */
    hasMore: hasNextPage && !isPlaceholderData,
    /** Whether `found` is still what other words have found. */
    isOld: isPlaceholderData,
    isSearching: isFetching || goesOn,
    error,
    retry: () => void refetch(),
    goFurther: () => void fetchNextPage(),
  }
}
