import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { loadAll } from 'js-yaml'
import { toolsDirectory } from '#internal/testing/cache'
import { customSchema } from './custom-schema.ts'
import { type Definitions, standaloneSchemas } from './openapi-schema.ts'
import { moduleDirectory } from './tools.ts'

/** The lowest and the highest Kubernetes that the chart is for. */
export const kubernetesVersions = ['1.31.14', '1.36.3'] as const

/** Where the CRDs of others are, that the chart makes resources of. Strimzi has no package that holds its own. */
const crdModules = [
  {
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.93.0',
    folder: 'example/prometheus-operator-crd',
  },
  { module: 'github.com/cloudnative-pg/cloudnative-pg', version: 'v1.30.0', folder: 'config/crd/bases' },
  { module: 'sigs.k8s.io/gateway-api', version: 'v1.5.1', folder: 'config/crd/standard' },
] as const

/** Change it when what is written changes. */
const edition = 1

/**
 * Directory of JSON schemas as kubeconform looks for them, without any network once it is there: `v<version>/<kind>-<group>-<version>.json` and
 * `crds/<group>/<kind>_<version>.json`.
 */
export async function kubernetesSchemas(): Promise<string> {
  const names = [...kubernetesVersions, ...crdModules.map(({ version }) => version), edition].join('-')
  const directory = path.join(toolsDirectory, `schemas-${names}`)
  if (existsSync(directory)) return directory
  process.stderr.write('Making the schemas of Kubernetes...\n')
  await mkdir(toolsDirectory, { recursive: true })
  const work = await mkdtemp(`${directory}.part.`)
  try {
    for (const version of kubernetesVersions) await writeBuiltin(path.join(work, `v${version}`), version)
    for (const crds of crdModules) await writeCustom(path.join(work, 'crds'), crds)
    await rename(work, directory).catch((error) => {
      // Another run was quicker.
      if (!existsSync(directory)) throw error
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return directory
}

async function writeBuiltin(directory: string, version: string): Promise<void> {
  await mkdir(directory)
  const source = await moduleDirectory('k8s.io/kubernetes', `v${version}`)
  const { definitions } = JSON.parse(await readFile(path.join(source, 'api/openapi-spec/swagger.json'), 'utf8')) as {
    definitions: Definitions
  }
  for (const [name, schema] of standaloneSchemas(definitions)) {
    await writeFile(path.join(directory, `${name}.json`), JSON.stringify(schema))
  }
}

interface Crd {
  kind: string
  spec: {
    group: string
    names: { kind: string }
    versions: { name: string; schema: { openAPIV3Schema: Record<string, unknown> } }[]
  }
}

async function writeCustom(directory: string, { module, version, folder }: (typeof crdModules)[number]): Promise<void> {
  const source = path.join(await moduleDirectory(module, version), folder)
  for (const file of (await readdir(source)).filter((name) => name.endsWith('.yaml'))) {
    const documents = loadAll(await readFile(path.join(source, file), 'utf8')) as (Crd | null)[]
    for (const document of documents) {
      if (document?.kind === 'CustomResourceDefinition') await writeCrd(directory, document)
    }
  }
}

async function writeCrd(directory: string, { spec: { group, names, versions } }: Crd): Promise<void> {
  await mkdir(path.join(directory, group), { recursive: true })
  for (const { name, schema } of versions) {
    const file = path.join(directory, group, `${names.kind.toLowerCase()}_${name}.json`)
    await writeFile(file, JSON.stringify(customSchema(schema.openAPIV3Schema)))
  }
}
