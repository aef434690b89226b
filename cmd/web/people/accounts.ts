import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import type { Account } from '../api/views.ts'
import type { Paged } from '../shared/paged.ts'

/** While somebody types, not every letter is asked for. */
const pauseMs = 200
/** Whoever wants others types more. */
const atMost = 100
/** Letters; the API takes no more. */
const longest = 100

const accountsQuery = (word: string) =>
  queryOptions({
    queryKey: ['accounts', word],
    queryFn: ({ signal }) =>
      api.get<Paged<Account>>(`/accounts?${new URLSearchParams({ query: word, limit: String(atMost) })}`, { signal }),
    staleTime: 0,
    enabled: word !== '',
  })

/**
 * Accounts for what is being typed; none for nothing. The server looks for one word, so the first one goes there: who is meant by all of
 * them is for `isMeant` to say.
 */
export function useAccounts(typed: string) {
  const word = typed.trim().split(/\s+/)[0]!.slice(0, longest)
  const [settled] = useDebouncedValue(word, pauseMs)
  const { data, error, isFetching } = useQuery({
    ...accountsQuery(settled),
    placeholderData: keepPreviousData,
  })
  return { accounts: word === '' ? [] : (data?.items ?? []), error, isSearching: isFetching || settled !== word }
}
