import type { Random } from '../random.ts'
import type { System } from '../system/system.ts'

export interface FaultTools {
  system: System
  random: Random
  /** Cuts a share of all client connections. */
  cutClients: (share: number) => Promise<void>
}

/** Does harm, and resolves when the harm is over. Returns what it was in a few words. */
export type Fault = (tools: FaultTools) => Promise<string>

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
