import { apiSettings } from '#cmd/api/config'
import { operatorSettings } from '#cmd/operator/config'
import { pushSettings } from '#cmd/push/config'
import { processSettings } from '#cmd/scheduler/config'
import { workerSettings } from '#cmd/worker/config'
import { createStorage } from '#internal/attachments/storage'
import { readConfig } from '#internal/config/read'
import type { SettingName } from '#internal/config/settings'
import { baseSettings } from '#internal/platform/base'
import { logSettings } from '#internal/platform/log'
import { platformSettings } from '#internal/platform/start'
import { silentLog } from '#internal/telemetry/log'
import { type Container, podsOf } from '../pods.ts'
import type { KubernetesObject } from '../render.ts'
import type { Check } from './check.ts'

/** What each process reads. Keys are what it is started as. */
const reads: Readonly<Record<string, readonly SettingName[]>> = {
  api: [...platformSettings, ...apiSettings, 'PORT'],
  push: [...platformSettings, ...pushSettings, ...logSettings],
  worker: [...platformSettings, ...workerSettings, ...logSettings],
  operator: [...baseSettings, ...operatorSettings],
  scheduler: processSettings,
  migrate: ['DATABASE_URL', ...logSettings],
  'migrate wait': ['DATABASE_URL', 'LOG'],
  check: ['DATABASE_URL'],
}

/** The chart's Services, probes and policies are made for these. */
const fixed = new Set<string>(['PORT', 'PUSH_PORT', 'INTERNAL_PORT'])
/** It listens to nothing public. */
const unused = new Set(['worker HOST', 'worker SHUTDOWN_DELAY_SECONDS'])

/** Every process is given what it reads and nothing else, and takes it. */
export const settings: Check = async ({ rendered }) =>
  rendered.flatMap(({ values, result }) =>
    processesIn(result.objects).flatMap(({ of, role, environment }) => {
      const known = new Set(reads[role]!.map((name) => `BELFRY_${name}`))
      const foreign = Object.keys(environment).filter((name) => name.startsWith('BELFRY_') && !known.has(name))
      return [
        ...foreign.map((name) => `${values.name}: ${of} is given ${name}, which ${role} does not read`),
        ...refusals(role, environment).map((text) => `${values.name}: ${of}: ${text}`),
      ]
    }),
  )

/** Every setting can be given by values: the file `every-setting` gives each. */
export const everySetting: Check = async ({ rendered }) => {
  const all = rendered.find(({ values }) => values.name === 'every-setting')!
  const processes = processesIn(all.result.objects)
  return Object.entries(reads).flatMap(([role, names]) => {
    const given = new Set(
      processes.filter((each) => each.role === role).flatMap((each) => Object.keys(each.environment)),
    )
    return names
      .filter((name) => !fixed.has(name) && !unused.has(`${role} ${name}`) && !given.has(`BELFRY_${name}`))
      .map((name) => `no value leads to BELFRY_${name} of ${role}`)
  })
}

function refusals(role: string, environment: Record<string, string>): string[] {
  try {
    const config = readConfig(environment, reads[role]!)
    if (role === 'api' || role === 'scheduler') createStorage(config as Parameters<typeof createStorage>[0], silentLog)
    return []
  } catch (error) {
    return [(error as Error).message]
  }
}

interface Process {
  of: string
  role: string
  environment: Record<string, string>
}

/** Processes of Belfry, with the environment that Kubernetes would give them. */
function processesIn(objects: readonly KubernetesObject[]): Process[] {
  return podsOf(objects).flatMap(({ of, spec }) =>
    [...(spec.initContainers ?? []), ...spec.containers].flatMap((container) => {
      const role = roleOf(container)
      return role === undefined
        ? []
        : [{ of: `${of}, ${container.name}`, role, environment: environmentOf(container, objects) }]
    }),
  )
}

/** Of PostgreSQL, Kafka and what makes secrets: none. */
function roleOf({ command = [] }: Container): string | undefined {
  if (command[0] === 'belfry') return command[2] === 'wait' ? 'migrate wait' : command[1]
  return /^dist\/cmd\/(\w+)\/main\.js$/.exec(command[1] ?? '')?.[1]
}

function environmentOf({ env = [] }: Container, objects: readonly KubernetesObject[]): Record<string, string> {
  return Object.fromEntries(
    env.map(({ name, value, valueFrom }) => {
      const ref = valueFrom?.secretKeyRef
      const secret = objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === ref?.name)
      const encoded = ref && secret?.data?.[ref.key]
      return [name, encoded === undefined ? (value ?? likely(name)) : Buffer.from(encoded, 'base64').toString()]
    }),
  )
}

/** What stands in a Secret that is not the chart's. */
function likely(name: string): string {
  if (name === 'BELFRY_DATABASE_URL') return 'postgres://belfry:secret@db.example.com/belfry'
  if (name === 'BELFRY_SMTP_URL') return 'smtp://mail.example.com:587'
  return name.endsWith('_URL')
    ? 'https://hooks.example.com/belfry'
    : 'a secret of thirty-two characters or more'.replaceAll(' ', '-')
}
