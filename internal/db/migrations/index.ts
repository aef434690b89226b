import type { Migration } from '../migrate.ts'
import { accounts } from './001-accounts.ts'
import { log } from './002-log.ts'
import { alerts } from './003-alerts.ts'
import { idempotency } from './004-idempotency.ts'
import { statuses } from './005-statuses.ts'
import { conversations } from './006-conversations.ts'
import { identity } from './007-identity.ts'
import { deliveries } from './008-deliveries.ts'
import { schedules } from './009-schedules.ts'
import { feed } from './010-feed.ts'
import { attachments } from './011-attachments.ts'
import { kafka } from './012-kafka.ts'
import { jobRuns } from './013-job-runs.ts'
import { alertKeys } from './014-alert-keys.ts'
import { objectWords } from './015-object-words.ts'

/** Every migration, oldest first. */
export const migrations: readonly Migration[] = [
  accounts,
  log,
  alerts,
  idempotency,
  statuses,
  conversations,
  identity,
  deliveries,
  schedules,
  feed,
  attachments,
  kafka,
  jobRuns,
  alertKeys,
  objectWords,
]
