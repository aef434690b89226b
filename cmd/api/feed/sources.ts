import type { Db } from '#internal/db/pool'
import { type Kind, kinds } from '#internal/feed/profile'
import { countProfiles } from '#internal/feed/store'
import type { ApiConfig } from '../config.ts'

export interface Source {
  kind: Kind
  configured: boolean
  /** What is missing or failing. */
  detail: string | null
}

/** Whether posts of a kind can be fetched at all: X wants a token. */
export const isConfigured = (kind: Kind, { X_API_TOKEN }: Pick<ApiConfig, 'X_API_TOKEN'>) =>
  kind !== 'x' || X_API_TOKEN !== undefined

/** Where posts come from, and what is wrong there. */
export async function sourcesOf(db: Db, config: Pick<ApiConfig, 'X_API_TOKEN'>): Promise<Source[]> {
  const counts = await countProfiles(db)
  return kinds.map((kind) => {
    if (!isConfigured(kind, config))
      return { kind, configured: false, detail: 'BELFRY_X_API_TOKEN is not set: posts of X are not fetched.' }
    const { total = 0, failing = 0 } = counts.find((count) => count.kind === kind) ?? {}
    const detail = failing === 0 ? null : `${failing} of ${total} profiles could not be fetched the last time.`
    return { kind, configured: true, detail }
  })
}
