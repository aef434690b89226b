import { randomBytes } from 'node:crypto'
import { type CoreV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import { newSecret } from '#internal/runtime/ids'
import { PlainError } from '#internal/runtime/plain-error'
import { codeOf } from './kube.ts'

/** Kinds of values that can be made. */
const makers = new Map([
  ['hex64', newSecret],
  ['kafka-cluster-id', newClusterId],
])

const tries = 5

/** A UUID as Kafka writes it, 22 characters. Kafka makes none that begins with a dash: its programs would take it for an option. */
export function newClusterId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url')
    if (!id.startsWith('-')) return id
  }
}

/** `name=hex64` and the like. @throws PlainError about the first that is none */
export function parseWanted(args: readonly string[]): Record<string, () => string> {
  if (args.length === 0) throw new PlainError('Name at least one key, e.g. jwt-secret=hex64.')
  return Object.fromEntries(
    args.map((arg) => {
      const [, key, maker] = /^([-._A-Za-z0-9]{1,253})=(.*)$/.exec(arg) ?? []
      const make = makers.get(maker ?? '')
      if (!key || !make) throw new PlainError(`"${arg}" is not a key and one of =${[...makers.keys()].join(', =')}.`)
      return [key, make]
    }),
  )
}

/** `a=b,c=d`. @throws PlainError */
export function parseLabels(text: string | undefined): Record<string, string> {
  const pairs = (text ?? '').split(',').filter((pair) => pair.trim() !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^\s*([^=\s]+)=([^=\s]*)\s*$/.exec(pair) ?? []
      if (!name) throw new PlainError(`SECRET_LABELS: "${pair}" is not name=value.`)
      return [name, value!]
    }),
  )
}

/**
 * Makes the Secret with these keys, or adds those that it lacks; a value that is there is never changed, whoever else does the same at the
 * same time. Returns what was done to which keys.
 */
export async function ensureSecret(
  api: CoreV1Api,
  { namespace, name, labels }: { namespace: string; name: string; labels: Record<string, string> },
  wanted: Readonly<Record<string, () => string>>,
): Promise<{ did: 'made' | 'added' | 'nothing'; keys: string[] }> {
  const asMerge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)
  const values = (keys: string[]) =>
    Object.fromEntries(keys.map((key) => [key, Buffer.from(wanted[key]!()).toString('base64')]))
  for (let attempt = 1; ; attempt++) {
    const secret = await api.readNamespacedSecret({ namespace, name }).catch((error) => {
      if (codeOf(error) === 404) return undefined
      throw error
    })
    const keys = Object.keys(wanted).filter((key) => secret?.data?.[key] === undefined)
    if (keys.length === 0) return { did: 'nothing', keys }
    const data = values(keys)
    try {
      if (secret) {
        // With the version: another one that adds the same key meanwhile wins, and this looks again.
        const body = { metadata: { resourceVersion: secret.metadata?.resourceVersion }, data }
        await api.patchNamespacedSecret({ namespace, name, body }, asMerge)
      } else await api.createNamespacedSecret({ namespace, body: { metadata: { name, namespace, labels }, data } })
      return { did: secret ? 'added' : 'made', keys }
    } catch (error) {
      if (codeOf(error) !== 409 || attempt === tries) throw error
    }
  }
}
