export const roles = ['admin', 'dispatcher', 'member'] as const
export type Role = (typeof roles)[number]

/** Who may start a direct conversation with an account. */
export const audiences = ['anyone', 'friends'] as const
export type Audience = (typeof audiences)[number]

export interface Account {
  id: number
  username: string
  email: string | null
  role: Role
  first_name: string | null
  last_name: string | null
  twitter_username: string | null
  who_may_message: Audience
  /** Whether logging in asks for a code. */
  totp_enabled: boolean
  disabled_at: Date | null
  created_at: Date
}

/** What an account may change about itself. */
export type Profile = Pick<Account, 'email' | 'first_name' | 'last_name' | 'twitter_username'>

/** null clears a field; what is not there stays. */
export type ProfileChanges = { [Field in keyof Profile]?: Profile[Field] | undefined } & {
  who_may_message?: Audience | undefined
}

/** Unique whatever the case. It can stand in a path and in a mention as it is; `me` in a path is whoever asks. */
export const usernamePattern = /^(?![Mm][Ee]$)[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/

/** Bytes of a password, at most: hashing takes time by length. */
export const passwordMaxBytes = 1024
