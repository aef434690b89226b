import type { Account } from '../../api/views.ts'

export type Role = Account['role']

/** What each role may do, the least first. */
export const roles: Record<Role, { name: string; may: string }> = {
  member: { name: 'Member', may: 'Topics, messages, friends.' },
  dispatcher: { name: 'Dispatcher', may: 'That, and alerts, roll-calls, recipients.' },
  admin: { name: 'Admin', may: 'That, and accounts, dead letters, dashboards.' },
}
