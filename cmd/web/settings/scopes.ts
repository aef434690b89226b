import type { ApiKey } from '../api/views.ts'

export type Scope = ApiKey['scopes'][number]

/** What a key may do, in words. */
export const scopeNames: Record<Scope, string> = {
  all: 'Everything',
  read: 'Read everything',
  messages: 'Topics and messages',
  alerts: 'Alerts, inboxes, schedules',
  objects: 'Recipients',
  accounts: 'Accounts and your profile',
  stream: 'The live stream',
}

/** Those that one chooses from where it is not everything. */
export const partialScopes = (Object.keys(scopeNames) as Scope[]).filter((scope) => scope !== 'all')
