import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { createContext, use } from 'react'
import type { Stream, StreamState } from '#internal/client/index'
import type { Me } from '../api/views.ts'
import { type FedQuery, type Feed, fedQuery } from './fed.ts'

export interface Live {
  feed: Feed
  me: Me
  watch: Stream['watch']
  reconnect: () => void
}

export const LiveContext = createContext<Live | undefined>(undefined)
export const StreamStateContext = createContext<StreamState>({ phase: 'connecting', offline: false, since: 0 })

/** The stream of the account that is logged in. Below <LiveProvider> only. */
export function useLive(): Live {
  const live = use(LiveContext)
  if (!live) throw new Error('useLive is used outside of LiveProvider')
  return live
}

export const useMe = (): Me => useLive().me
export const useStreamState = (): StreamState => use(StreamStateContext)

/** What the API answers, kept up to date by the stream. */
export function useFed<T>(query: FedQuery<T>, options: { enabled?: boolean } = {}): UseQueryResult<T> {
  return useQuery({ ...fedQuery(useLive().feed, query), ...options }) as UseQueryResult<T>
}
