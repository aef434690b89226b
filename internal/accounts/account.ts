export const roles = ['admin', 'dispatcher', 'member'] as const
export type Role = (typeof roles)[number]

export interface Account {
  id: number
  username: string
  email: string | null
  role: Role
  first_name: string | null
  last_name: string | null
  twitter_username: string | null
  created_at: Date
}
