import { api } from '../api/api.ts'
import type { Login } from '../api/views.ts'
import { beginSession } from './session.ts'

export interface Credentials {
  username: string
  password: string
  totp?: string
}

/** @throws Refused with the code `totp_required` where the account wants a code as well. */
export async function logIn(credentials: Credentials): Promise<void> {
  const { token } = await api.post<Login>('/sessions', credentials)
  beginSession(token)
}
