import type { Alert, Object as Recipient } from '../api/views.ts'
import type { Account, Stage } from '../testing/browser.ts'

const mostAtOnce = 1000

/** Makes `count` recipients: `first-0@example.com` and so on, with the ids in this order. Returns the first 200. */
export async function makeRecipients(stage: Stage, as: Account, first: string, count: number): Promise<Recipient[]> {
  const objects = Array.from({ length: count }, (_, index) => ({
    email: `${first}-${index}@example.com`,
    phone_number: `+1212${5_550_000 + index}`,
  }))
  for (let from = 0; from < count; from += mostAtOnce)
    await stage.belfry.call(as, 'POST', '/api/v1/objects/import', { objects: objects.slice(from, from + mostAtOnce) })
  const path = `/api/v1/objects?limit=200&query=${first}`
  return (await stage.belfry.call<{ items: Recipient[] }>(as, 'GET', path)).items
}

/** The path of the link to somebody's inbox; the one before ends. */
export async function inboxLink(stage: Stage, as: Account, { id }: Pick<Recipient, 'id'>): Promise<string> {
  const { token } = await stage.belfry.call<{ token: string }>(as, 'POST', `/api/v1/objects/${id}/inbox-token`)
  return `/i/${id}#${token}`
}

export const raise = (stage: Stage, as: Account, body: Record<string, unknown>): Promise<Alert> =>
  stage.belfry.call<Alert>(as, 'POST', '/api/v1/alerts', body)
