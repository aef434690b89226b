import type { Cluster } from '../cluster.ts'
import type { Release } from '../release.ts'
import { alertSchedule } from './alert-schedule.ts'
import { development } from './development.ts'
import { external } from './external.ts'
import { install, messageThrough } from './install.ts'
import { killPods } from './kill.ts'
import { operator } from './operator.ts'
import { policies } from './policies.ts'
import { reinstall } from './reinstall.ts'
import { evictPods, rollback, upgrade, wrongTag } from './upgrade.ts'

export interface Context {
  cluster: Cluster
  release: Release
  /** Without a tag. */
  image: string
  tags: { first: string; second: string; dev: string }
}

export interface Step {
  name: string
  /** Resolves with what to tell of it. @throws Error with what is wrong */
  run: (context: Context) => Promise<string>
  /** Whether the others need it. */
  always?: true
}

/** In this order: each begins where the one before has ended. */
export const steps: Step[] = [
  { name: 'install', run: install, always: true },
  { name: 'helm-test', run: messageThrough },
  { name: 'policies', run: policies },
  { name: 'upgrade', run: upgrade },
  { name: 'rollback', run: rollback },
  { name: 'wrong-tag', run: wrongTag },
  { name: 'evict', run: evictPods },
  { name: 'kill', run: killPods },
  { name: 'operator', run: operator },
  { name: 'alert-schedule', run: alertSchedule },
  { name: 'external', run: external },
  { name: 'development', run: development },
  { name: 'reinstall', run: reinstall },
]
