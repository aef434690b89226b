import type { Rendered, ValuesFile } from '../render.ts'
import type { ToolName } from '../tool-list.ts'

/** What checks are given. */
export interface Context {
  tools: Readonly<Record<ToolName, string>>
  /** What Helm 4 makes of each file of good values. */
  rendered: readonly { values: ValuesFile; result: Rendered }[]
}

/** Resolves with what is wrong, one line or more each; nothing when all is well. */
export type Check = (context: Context) => Promise<string[]>
