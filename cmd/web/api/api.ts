import { currentToken, endSession } from '../session/session.ts'
import { createClient } from './http.ts'

/** The API, in the name of whoever is logged in. */
export const api = createClient({
  token: currentToken,
  onEnded: (token) => endSession(token, 'Your session has ended. Log in again.'),
})
