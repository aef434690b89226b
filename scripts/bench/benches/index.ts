import type { Bench } from '../workbench.ts'
import { alertAll } from './alert-all.ts'
import { alerts } from './alerts.ts'
import { catchUp } from './catch-up.ts'
import { fanOut } from './fan-out.ts'
import { idle } from './idle.ts'
import { latency } from './latency.ts'
import { messages } from './messages.ts'
import { pages } from './pages.ts'
import { relay } from './relay.ts'
import { spread } from './spread.ts'

/** Every bench, in the order in which they run. */
export const benches: Record<string, Bench> = {
  'fan-out': fanOut,
  idle,
  alerts,
  latency,
  'catch-up': catchUp,
  'alert-all': alertAll,
  messages,
  pages,
  spread,
  relay,
}
