import { api } from '../api/api.ts'
import type { Invitation } from '../api/views.ts'
import { type FedQuery, reload } from '../live/fed.ts'
import { loadUpTo, type Paged } from '../shared/paged.ts'

const atMost = 200

/** What one was invited into and has not answered. */
export const invitationsQuery: FedQuery<Invitation[]> = {
  queryKey: ['invitations'],
  load: async (signal) =>
    (await loadUpTo((path) => api.get<Paged<Invitation>>(path, { signal }), '/me/invitations', atMost)).items,
  // An invitation is gone once one has joined, here or elsewhere.
  reduce: (list, { event }) => (event === 'invitation.created' || event === 'conversation.joined' ? reload : list),
}
