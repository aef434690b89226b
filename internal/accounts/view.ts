import type { Account, Audience, Role } from './account.ts'

export interface AccountView {
  id: number
  username: string
  role: Role
  /** Only where the viewer is the account itself or an admin. */
  email?: string | null
  /** Only where the viewer is an admin. */
  disabled?: boolean
  /** Only where the viewer is an admin. */
  totp_enabled?: boolean
  first_name: string | null
  last_name: string | null
  twitter_username: string | null
  created_at: string
}

export interface Viewer {
  id: number
  role: Role
}

export const maySeeEmail = (viewer: Viewer, account: Pick<Account, 'id'>) =>
  viewer.role === 'admin' || viewer.id === account.id

/** An account as `viewer` may see it. */
export function accountView(account: Account, viewer: Viewer): AccountView {
  return {
    id: account.id,
    username: account.username,
    role: account.role,
    ...(maySeeEmail(viewer, account) ? { email: account.email } : {}),
    ...(viewer.role === 'admin' ? { disabled: account.disabled_at !== null, totp_enabled: account.totp_enabled } : {}),
    first_name: account.first_name,
    last_name: account.last_name,
    twitter_username: account.twitter_username,
    created_at: account.created_at.toISOString(),
  }
}

/** An account as it sees itself: the same for REST and for the event account.updated. */
export const ownView = (account: Account): AccountView & { who_may_message: Audience; totp_enabled: boolean } => ({
  ...accountView(account, { id: account.id, role: 'member' }),
  who_may_message: account.who_may_message,
  totp_enabled: account.totp_enabled,
})
