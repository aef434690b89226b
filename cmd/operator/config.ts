import { ConfigError, type Environment, readConfig } from '#internal/config/read'
import type { SettingName, SettingValue } from '#internal/config/settings'
import { type BaseConfig, baseSettings } from '#internal/platform/base'

/** Settings of the role `operator`, besides those of every process. */
export const operatorSettings = [
  'OPERATOR_JOB_TEMPLATE',
  'OPERATOR_JOB_IMAGE',
  'OPERATOR_LEASE',
] as const satisfies SettingName[]

export type OperatorConfig = BaseConfig & { readonly [N in (typeof operatorSettings)[number]]: SettingValue<N> } & {
  /** Who this is: the downward API says it. */
  readonly pod: { readonly name: string; readonly namespace: string }
}

/** Pure. @throws ConfigError with what is missing or wrong */
export function readOperatorConfig(env: Environment): OperatorConfig {
  const { POD_NAME: name, POD_NAMESPACE: namespace } = env
  if (!name || !namespace)
    throw new ConfigError(['POD_NAME and POD_NAMESPACE must both be set: metadata.name and metadata.namespace.'])
  return { ...readConfig(env, [...baseSettings, ...operatorSettings]), pod: { name, namespace } }
}
