import { aboutRoutes } from './about/routes.ts'
import { apiKeyRoutes } from './accounts/api-key-routes.ts'
import { meRoutes } from './accounts/me-routes.ts'
import { accountRoutes } from './accounts/routes.ts'
import { sessionRoutes } from './accounts/session-routes.ts'
import { totpRoutes } from './accounts/totp-routes.ts'
import { alertDeliveryRoutes } from './alerts/delivery-routes.ts'
import { alertRoutes } from './alerts/routes.ts'
import { attachmentRoutes } from './attachments/routes.ts'
import { classicRoutes } from './classic.ts'
import { conversationRoutes } from './conversations/routes.ts'
import { deadLetterRoutes } from './dead-letters/routes.ts'
import type { ApiDeps } from './deps.ts'
import { documentRoutes } from './documents/routes.ts'
import { eventRoutes } from './events/routes.ts'
import { feedRoutes } from './feed/routes.ts'
import { friendRoutes } from './friends/routes.ts'
import type { Route } from './http/route.ts'
import { inboxRoutes } from './inbox/routes.ts'
import { reactionRoutes } from './messages/reaction-routes.ts'
import { receiptRoutes } from './messages/receipt-routes.ts'
import { messageRoutes } from './messages/routes.ts'
import { objectRoutes } from './objects/routes.ts'
import { scheduleRoutes } from './schedules/routes.ts'
import { searchRoutes } from './search/routes.ts'
import { statusRoutes } from './statuses/routes.ts'
import { invitationRoutes } from './topics/invitation-routes.ts'
import { topicMemberRoutes } from './topics/member-routes.ts'
import { topicRoutes } from './topics/routes.ts'

/** Every route of the API, in the order of the documentation. */
export function allRoutes(deps: ApiDeps): Route[] {
  const routes = [
    ...accountRoutes(deps),
    ...meRoutes(deps),
    ...totpRoutes(deps),
    ...sessionRoutes(deps),
    ...apiKeyRoutes(deps),
    ...statusRoutes(deps),
    ...friendRoutes(deps),
    ...topicRoutes(deps),
    ...topicMemberRoutes(deps),
    ...invitationRoutes(deps),
    ...conversationRoutes(deps),
    ...messageRoutes(deps),
    ...reactionRoutes(deps),
    ...receiptRoutes(deps),
    ...attachmentRoutes(deps),
    ...searchRoutes(deps),
    ...objectRoutes(deps),
    ...alertRoutes(deps),
    ...alertDeliveryRoutes(deps),
    ...inboxRoutes(deps),
    ...scheduleRoutes(deps),
    ...feedRoutes(deps),
    ...eventRoutes(deps),
    ...deadLetterRoutes(),
    ...aboutRoutes(deps),
    ...classicRoutes(deps),
  ]
  return [...routes, ...documentRoutes(routes)]
}
