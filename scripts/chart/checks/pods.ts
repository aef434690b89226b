import { type Container, containersOf, type Pod, podsOf } from '../pods.ts'
import type { Check } from './check.ts'

/** Every pod of every mode keeps to what Kubernetes calls restricted, and to what Belfry asks for beyond that. */
export const podSecurity: Check = async ({ rendered }) =>
  rendered.flatMap(({ values, result }) =>
    podsOf(result.objects).flatMap((pod) => problemsOf(pod).map((problem) => `${values.name}: ${pod.of}: ${problem}`)),
  )

/** Kinds of pods that may have a token for the API server. */
const withToken = new Set(['operator', 'secrets'])
const allowedVolumes = new Set(['configMap', 'emptyDir', 'projected', 'secret', 'persistentVolumeClaim'])

function problemsOf(pod: Pod): string[] {
  const { spec, labels } = pod
  const component = labels['app.kubernetes.io/component'] ?? ''
  const context = spec.securityContext ?? {}
  const seccomp = (context.seccompProfile as { type?: string } | undefined)?.type
  const wrong = {
    'runs as root or may': context.runAsNonRoot !== true || !(Number(context.runAsUser) > 0),
    'has no seccomp profile': seccomp !== 'RuntimeDefault',
    'shares something with the node': spec.hostNetwork || spec.hostPID || spec.hostIPC,
    // Belfry would not start: a Service of a name like belfry-api becomes a variable BELFRY_API_....
    'takes service links': spec.enableServiceLinks !== false,
    'has a token of the API server': spec.automountServiceAccountToken !== withToken.has(component),
    'has a volume of a kind that is not restricted': spec.volumes?.some(
      (volume) => !Object.keys(volume).some((kind) => allowedVolumes.has(kind)),
    ),
    'has no label that policies select it by': component === '',
  }
  const own = Object.entries(wrong).flatMap(([text, isWrong]) => (isWrong ? [text] : []))
  return [
    ...own,
    ...containersOf(pod).flatMap((each) => containerProblems(each).map((problem) => `${each.name} ${problem}`)),
  ]
}

function containerProblems({ securityContext = {}, resources, env = [], image }: Container): string[] {
  const dropped = (securityContext.capabilities as { drop?: string[]; add?: string[] } | undefined) ?? {}
  const names = env.map(({ name }) => name)
  const wrong = {
    'may gain privileges': securityContext.allowPrivilegeEscalation !== false,
    'may write to its root': securityContext.readOnlyRootFilesystem !== true,
    'keeps capabilities': !dropped.drop?.includes('ALL') || dropped.add !== undefined,
    'is privileged or root': securityContext.privileged === true || securityContext.runAsUser === 0,
    'has no memory limit': resources?.limits?.memory === undefined,
    'requests no CPU or memory': !resources?.requests?.cpu || !resources.requests.memory,
    'has no fixed image': !/(:[^/]+|@sha256:.*)$/.test(image) || image.endsWith(':latest'),
    'has a variable twice': new Set(names).size < names.length,
  }
  return Object.entries(wrong).flatMap(([text, isWrong]) => (isWrong ? [text] : []))
}
