import { jobGroup } from './jobs.ts'
import { pipelineGroup } from './pipeline.ts'
import { processGroup } from './processes.ts'
import { pushGroup } from './push.ts'
import type { Alert, Group } from './rule.ts'
import { sloGroups } from './slo.ts'

export type { Alert, Group }

/** The groups of each file in charts/belfry/files/rules. */
export const ruleFiles: Readonly<{ [file: string]: readonly Group[] }> = {
  'slo.yaml': sloGroups,
  'processes.yaml': [processGroup],
  'pipeline.yaml': [pipelineGroup],
  'push.yaml': [pushGroup],
  'scheduler-operator.yaml': [jobGroup],
}

export const groups: readonly Group[] = Object.values(ruleFiles).flat()

export const alerts: readonly Alert[] = groups.flatMap(({ rules }) =>
  rules.filter((rule): rule is Alert => 'alert' in rule),
)
