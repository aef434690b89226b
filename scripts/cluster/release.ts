import path from 'node:path'
import { load as parseYaml } from 'js-yaml'
import { sh } from './shell.ts'

const root = path.resolve(import.meta.dirname, '../..')
const name = 'belfry'
const byDefault = path.join(import.meta.dirname, 'values.yaml')

/** The Helm release under test. */
export class Release {
  readonly #namespace: string
  readonly #image: string

  readonly #values: string

  /** @param image without a tag */
  constructor(namespace: string, image: string, values = byDefault) {
    this.#namespace = namespace
    this.#image = image
    this.#values = values
  }

  /** Installs or upgrades. @throws what helm says, also that it was not ready in time */
  async put(tag: string, { sets = [], wait = true }: { sets?: string[]; wait?: boolean } = {}): Promise<void> {
    const values = ['-f', this.#values, '--set', `image.repository=${this.#image}`]
    const set = [`image.tag=${tag}`, ...sets].flatMap((each) => ['--set', each])
    const crds = await this.#crds()
    await this.#helm('upgrade', '--install', name, 'charts/belfry', ...values, ...set, ...crds, ...waiting(wait))
  }

  /** The CRD is the cluster's: that of another release is used as it is, one that a release left behind is taken over. */
  async #crds(): Promise<string[]> {
    const args = ['get', 'crd', 'alertschedules.belfry.dev', '--ignore-not-found', '-o', 'json']
    const crd = await sh('kubectl', args)
    const annotations = crd === '' ? {} : (JSON.parse(crd).metadata.annotations ?? {})
    const [owner, namespace] = ['name', 'namespace'].map((what) => annotations[`meta.helm.sh/release-${what}`])
    if (namespace === undefined || namespace === this.#namespace) return ['--take-ownership']
    const isThere = await sh('helm', ['status', owner, '--namespace', namespace]).then(
      () => true,
      () => false,
    )
    return isThere ? ['--set', 'crds.install=false'] : ['--take-ownership']
  }

  rollback(): Promise<string> {
    return this.#helm('rollback', name, ...waiting(true))
  }

  test(): Promise<string> {
    return this.#helm('test', name, '--timeout', '5m')
  }

  uninstall(): Promise<string> {
    return this.#helm('uninstall', name, ...waiting(true))
  }

  #helm(...args: string[]): Promise<string> {
    return sh('helm', [...args, '--namespace', this.#namespace], { cwd: root, timeoutMs: 16 * 60_000 })
  }
}

const waiting = (wait: boolean) => (wait ? ['--wait', '--timeout', '15m'] : [])

/** That which the cluster announces, as k3d, kind and others do: KEP-1755. Undefined when it does not. */
export async function announcedRegistry(): Promise<string | undefined> {
  const path = '{.data.localRegistryHosting\\.v1}'
  const args = ['-n', 'kube-public', 'get', 'configmap', 'local-registry-hosting', '-o', `jsonpath=${path}`]
  const text = await sh('kubectl', args).catch(() => '')
  return (parseYaml(text || '{}') as { host?: string }).host
}

export interface Images {
  /** Where the image is pushed, and pulled from; the local name without one. */
  registry: string | undefined
  /** Program with arguments that brings images into the cluster instead, told their names. */
  load: string | undefined
  tags: readonly string[]
  /** Of the image for development. */
  devTag: string
}

/** Builds the image, under each of the tags, and that for development, and brings them to where the cluster finds them. Returns their name without a tag. */
export async function buildImages({ registry, load, tags, devTag }: Images): Promise<string> {
  const image = registry === undefined ? 'belfry/belfry' : `${registry}/belfry/belfry`
  const references = tags.map((tag) => `${image}:${tag}`)
  const dev = `${image}:${devTag}`
  const build = (...args: string[]) =>
    sh('docker', ['build', '--network', 'host', ...args, '.'], { cwd: root, timeoutMs: 15 * 60_000 })
  await build('--target', 'dev', '-t', dev)
  await build(...references.flatMap((each) => ['-t', each]))
  const [program, ...args] = load?.split(' ') ?? []
  for (const each of [...references, dev])
    await (program === undefined ? sh('docker', ['push', each]) : sh(program, [...args, each], { timeoutMs: 300_000 }))
  return image
}
