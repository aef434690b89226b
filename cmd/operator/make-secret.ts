import { CoreV1Api } from '@kubernetes/client-node'
import { PlainError } from '#internal/runtime/plain-error'
import { Kube, wordsOf } from './kube.ts'
import { ensureSecret, parseLabels, parseWanted } from './secret.ts'

// `make-secret <name> <key>=hex64 <key>=kafka-cluster-id ...`: makes the Secret in the pod's namespace, or adds the keys that it lacks, and
// never changes one that is there. Labels of a new one come from SECRET_LABELS.
try {
  const [name, ...args] = process.argv.slice(2)
  if (!name) throw new PlainError('Name the Secret first, then its keys.')
  const wanted = parseWanted(args)
  const labels = parseLabels(process.env.SECRET_LABELS)
  const kube = new Kube()
  const namespace = kube.namespace()
  const { did, keys } = await ensureSecret(kube.makeApiClient(CoreV1Api), { namespace, name, labels }, wanted)
  const what = { made: 'was made with', added: 'was given', nothing: 'has every key already' }[did]
  process.stdout.write(`Secret ${namespace}/${name} ${what}${keys.length > 0 ? ` ${keys.join(', ')}` : ''}.\n`)
} catch (error) {
  process.stderr.write(`${wordsOf(error)}\n`)
  process.exitCode = 1
}
