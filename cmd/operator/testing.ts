import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { V1JobTemplateSpec, V1PolicyRule } from '@kubernetes/client-node'
import { load } from 'js-yaml'
import type { AlertSchedule } from './alert-schedule.ts'

const ofChart = (file: string) => readFileSync(path.resolve(import.meta.dirname, '../../charts/belfry', file), 'utf8')
// biome-ignore lint/suspicious/noExplicitAny: a schema, read here and there
export const crd = load(ofChart('files/crds/alertschedules.yaml')) as any

/** The rules of all Roles in a template of the chart. @param name what it calls `$name` */
export const chartRules = (template: string, name: string): V1PolicyRule[] =>
  ofChart(`templates/${template}`)
    .split('\n---\n')
    .filter((text) => /^kind: Role$/m.test(text))
    .flatMap((text) => {
      const [, rules] = /^rules:\n((?: .*\n?)+)/m.exec(text)!
      return load(rules!.replaceAll('{{ $name }}', name)) as V1PolicyRule[]
    })

/** Expressions that the CRD lets through. */
export const goodCrons = [
  ...[
    '* * * * *',
    '0 9 * * *',
    '30 8 * * MON-FRI',
    '*/5 8-18 * * 1-5',
    '5/20 * * * *',
    '0 0 1,15 * *',
    '00 09 01 01 00',
  ],
  ...[
    '0  9  *  *  *',
    '0 0 29 2 *',
    '59 23 31 12 6',
    '0 0 ? * sun',
    '0 12 * jan-MAR,Dec Mon,wed-fri',
    '1-59/2 * * * *',
  ],
  ...['@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually'],
]
/** And those that it does not. */
export const badCrons = [
  ...['', ' ', 'x', '* * * *', '* * * * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * 32 * *', '* * * 13 *'],
  ...['* * * * 7', '* * * 0 *', '*/0 * * * *', '1, * * * *', '*-5 * * * *', '-5 * * * *', '* * L * *', '* * * * 1#2'],
  ...['* * W * *', '@every 1m', '@reboot', '@Daily', ' 0 9 * * *', '0 9 * * * ', '0\t9 * * *', 'TZ=UTC 0 9 * * *'],
  ...['CRON_TZ=UTC 0 9 * * *', '0 9 * * FOO', '0 9 * * *\n0 10 * * *', `${'1,'.repeat(60)}1 * * * *`],
]
export const goodZones = [
  'UTC',
  'Europe/Berlin',
  'America/Argentina/Buenos_Aires',
  'Etc/GMT+5',
  'Asia/Kathmandu',
  'Etc/UTC',
]
export const badZones = ['', 'Moon/Base', 'Local', '+02:00', 'GMT+2', 'Europe/', '../etc/localtime', 'utc', 'EST5EDT']

export const aTemplate = (): V1JobTemplateSpec => ({
  metadata: { labels: { 'app.kubernetes.io/instance': 'belfry', 'app.kubernetes.io/managed-by': 'Helm' } },
  spec: {
    backoffLimit: 2,
    template: {
      metadata: { labels: { 'app.kubernetes.io/component': 'scheduler' } },
      spec: {
        restartPolicy: 'Never',
        containers: [
          {
            name: 'raise',
            image: 'belfry/belfry:1',
            env: [{ name: 'BELFRY_DATABASE_URL', valueFrom: { secretKeyRef: { name: 'belfry', key: 'url' } } }],
          },
        ],
      },
    },
  },
})

export type Changes = { metadata?: Partial<AlertSchedule['metadata']>; status?: AlertSchedule['status'] } & {
  spec?: Partial<AlertSchedule['spec']>
}

export const aSchedule = ({ metadata, spec, status }: Changes = {}): AlertSchedule => ({
  metadata: {
    name: 'drill',
    namespace: 'belfry',
    uid: 'uid-1',
    generation: 1,
    resourceVersion: '100',
    ...metadata,
  },
  spec: {
    schedule: '0 9 * * *',
    timeZone: 'UTC',
    suspend: false,
    startingDeadlineSeconds: 3600,
    alert: { text: 'Drill', severity: 'info', alertAll: true },
    ...spec,
  },
  ...(status && { status }),
})
