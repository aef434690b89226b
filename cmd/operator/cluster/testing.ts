import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  ApiextensionsV1Api,
  AuthorizationV1Api,
  BatchV1Api,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  EventsV1Api,
  type KubeConfig,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
  type V1CronJob,
  type V1PolicyRule,
  Watch,
} from '@kubernetes/client-node'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { type Child, runChild } from '#internal/testing/child'
import { testCluster } from '#internal/testing/cluster'
import { waitFor } from '#internal/testing/wait-for'
import { type AlertSchedule, apiVersion, group, kind, plural, readyCondition, version } from '../alert-schedule.ts'
import { codeOf } from '../kube.ts'
import { chartRules, crd } from '../testing.ts'

const main = path.join(import.meta.dirname, '../main.ts')
const asApply = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply)
const asMerge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)
export const lease = 'belfry-operator'

const restricted = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }
/** Jobs that print what they were given. */
const template = {
  spec: {
    backoffLimit: 0,
    template: {
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'raise',
            image: 'debian:bookworm-slim',
            command: ['sh', '-c', 'printf "%s\\n%s\\n" "$BELFRY_ALERT_KEY" "$BELFRY_ALERT"'],
            securityContext: restricted,
          },
        ],
      },
    },
  },
}

export type NewSchedule = Partial<AlertSchedule['spec']>
export interface Operator extends Child {
  url: string
  /** Whether it says that it leads. */
  leads(): boolean
}

/** A namespace of the caller's own, and what tests do in it. */
export type TestNamespace = Awaited<ReturnType<typeof testNamespace>>

/** Polls every 50 ms; most things come at once, unless the machine is busy. */
export const see = <T>(what: string, condition: () => Promise<T> | T, timeoutMs = 30_000) =>
  waitFor(
    async () => {
      const value = await condition()
      if (!value) await delay(50)
      return value
    },
    { what, timeoutMs },
  )

/** Starting takes seconds, on a busy machine many. */
const startMs = 60_000
export const ready = ({ url }: Operator) =>
  see('a ready operator', async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.ok, startMs)
export const leading = ({ leads }: Operator) => see('a leader', leads, startMs)

const orAbsent = <T>(found: Promise<T>): Promise<T | undefined> =>
  found.catch((error) => {
    if (codeOf(error) === 404) return undefined
    throw error
  })

export async function testNamespace() {
  const admin = await testCluster()
  const namespace = `belfry-test-${randomBytes(4).toString('hex')}`
  const core = admin.makeApiClient(CoreV1Api)
  const batch = admin.makeApiClient(BatchV1Api)
  const custom = admin.makeApiClient(CustomObjectsApi)
  const events = admin.makeApiClient(EventsV1Api)
  const rbac = admin.makeApiClient(RbacAuthorizationV1Api)
  const leases = admin.makeApiClient(CoordinationV1Api)
  const directory = await mkdtemp(path.join(tmpdir(), 'belfry-test-operator-'))
  const operators: Operator[] = []
  await applyCrd(admin)
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' }
  await core.createNamespace({ body: { metadata: { name: namespace, labels } } })
  const ours = { group, version, plural, namespace }
  const templateFile = path.join(directory, 'template.json')
  await writeFile(templateFile, JSON.stringify(template))

  /** Makes a service account that may do what the rules say; returns what writes its kubeconfig, with another way there if need be. */
  const account = async (name: string, rules: V1PolicyRule[]) => {
    const metadata = { name, namespace }
    await core.createNamespacedServiceAccount({ namespace, body: { metadata } })
    await rbac.createNamespacedRole({ namespace, body: { metadata, rules } })
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name }
    const subjects = [{ kind: 'ServiceAccount', name, namespace }]
    await rbac.createNamespacedRoleBinding({ namespace, body: { metadata, roleRef, subjects } })
    const body = { spec: { audiences: [], expirationSeconds: 3600 } }
    const { status } = await core.createNamespacedServiceAccountToken({ name, namespace, body })
    return (server?: string) => kubeconfig(admin, namespace, status!.token!, server)
  }
  const ofOperator = await account('operator', chartRules('operator.yaml', lease))

  return {
    namespace,
    core,
    batch,
    events,
    leases,
    rbac,
    account,
    /** Starts an operator that may do what the chart lets it. @param server another way to the API server */
    async operator(pod: string, server?: string): Promise<Operator> {
      const file = path.join(directory, `${pod}.kubeconfig`)
      await writeFile(file, ofOperator(server))
      const port = await findFreePort()
      const child = runChild(main, [], {
        PATH: process.env.PATH,
        KUBECONFIG: file,
        POD_NAME: pod,
        POD_NAMESPACE: namespace,
        BELFRY_OPERATOR_JOB_TEMPLATE: templateFile,
        BELFRY_INTERNAL_PORT: String(port),
        BELFRY_INTERNAL_HOST: '127.0.0.1',
        BELFRY_LOG_LEVEL: 'debug',
      })
      const leads = () => child.stdout.includes('"message":"leading"')
      const operator = Object.assign(child, { url: `http://127.0.0.1:${port}`, leads })
      operators.push(operator)
      return operator
    },
    async create(name: string, spec: NewSchedule = {}, more: { dryRun?: string } = {}): Promise<AlertSchedule> {
      const alert = { text: name, severity: 'info', alertAll: true }
      const body = { apiVersion, kind, metadata: { name, namespace }, spec: { schedule: '0 9 * * *', alert, ...spec } }
      return custom.createNamespacedCustomObject({ ...ours, body, ...more })
    },
    /** A merge patch of the spec. */
    async change(name: string, spec: object): Promise<AlertSchedule> {
      return custom.patchNamespacedCustomObject({ ...ours, name, body: { spec } }, asMerge)
    },
    async remove(name: string, propagationPolicy = 'Background'): Promise<void> {
      await custom.deleteNamespacedCustomObject({ ...ours, name, propagationPolicy })
    },
    /** Of the list of AlertSchedules, from which a watch may begin. */
    async version(): Promise<string> {
      return (await custom.listNamespacedCustomObject(ours)).metadata.resourceVersion
    },
    /** What the API server says to a watch that begins there: 410 when that is too long ago. */
    async codeOfWatch(resourceVersion: string): Promise<number | undefined> {
      const said = Promise.withResolvers<number | undefined>()
      const watchedPath = `/apis/${group}/${version}/namespaces/${namespace}/${plural}`
      const told = (_: string, object: { code?: number }) => said.resolve(object.code)
      const request = await new Watch(admin).watch(watchedPath, { resourceVersion }, told, (error) =>
        said.resolve(error?.statusCode),
      )
      return said.promise.finally(() => request.abort())
    },
    async schedules(): Promise<AlertSchedule[]> {
      return (await custom.listNamespacedCustomObject(ours)).items
    },
    /** What `kubectl get` prints: the names of the columns, and the cells of each row. */
    async table(): Promise<{ columns: string[]; rows: string[][] }> {
      const asTable = setHeaderOptions('Accept', 'application/json;as=Table;v=v1;g=meta.k8s.io')
      const { columnDefinitions, rows } = await custom.listNamespacedCustomObject(ours, asTable)
      return {
        columns: columnDefinitions.map(({ name }: { name: string }) => name),
        rows: rows.map(({ cells }: { cells: unknown[] }) => cells.map(String)),
      }
    },
    schedule: (name: string): Promise<AlertSchedule | undefined> =>
      orAbsent(custom.getNamespacedCustomObject({ ...ours, name })),
    cronJob: (name: string) => orAbsent(batch.readNamespacedCronJob({ name, namespace })),
    editCronJob: (name: string, body: object): Promise<V1CronJob> =>
      batch.patchNamespacedCronJob({ name, namespace, body }, asMerge),
    /** Waits until the status is about the newest spec, and Ready is as wanted. */
    async settled(name: string, status: 'True' | 'False' = 'True', timeoutMs?: number): Promise<AlertSchedule> {
      return see(
        `${name} to be ready: ${status}`,
        async () => {
          const schedule = await this.schedule(name)
          const condition = readyCondition(schedule?.status)
          const isNew = condition?.observedGeneration === schedule?.metadata.generation
          return condition?.status === status && isNew && schedule
        },
        timeoutMs,
      )
    },
    /** Whether the operator has the right. */
    async mayOperator(verb: string, group: string, resource: string): Promise<boolean> {
      const user = `system:serviceaccount:${namespace}:operator`
      const body = { spec: { user, resourceAttributes: { namespace, verb, group, resource } } }
      return (await admin.makeApiClient(AuthorizationV1Api).createSubjectAccessReview({ body })).status!.allowed
    },
    async drop(): Promise<void> {
      for (const { process, ended } of operators) {
        process.kill('SIGKILL')
        await ended
      }
      await core.deleteNamespace({ name: namespace })
      await rm(directory, { recursive: true })
    },
  }
}

let removeCrd = async (): Promise<void> => undefined
after(function () {
  this.timeout(90_000)
  return removeCrd()
})

/** As `kubectl apply` does. One that was not there goes again after all tests: Helm would not install over it. */
async function applyCrd(admin: KubeConfig): Promise<void> {
  const extensions = admin.makeApiClient(ApiextensionsV1Api)
  const { name } = crd.metadata
  const before = await orAbsent(extensions.readCustomResourceDefinition({ name }))
  const apply = { name, body: crd, fieldManager: 'belfry-tests', force: true }
  if (before) {
    const then = await extensions.patchCustomResourceDefinition({ ...apply, dryRun: 'All' }, asApply)
    // Else these would own it besides whoever installed it, who could not change it any more.
    if (then.metadata!.generation === before.metadata!.generation) return
  } else
    removeCrd = async () => {
      const all = { group, version, plural }
      const left = async () => (await admin.makeApiClient(CustomObjectsApi).listClusterCustomObject(all)).items
      // It would take what others have made meanwhile with it.
      await see('no AlertSchedules', async () => (await left()).length === 0, 60_000)
      await extensions.deleteCustomResourceDefinition({ name })
    }
  await extensions.patchCustomResourceDefinition(apply, asApply)
  await see('the CRD', async () => {
    const { status } = await extensions.readCustomResourceDefinition({ name })
    return status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')
  })
}

function kubeconfig(admin: KubeConfig, namespace: string, token: string, server?: string): string {
  const { server: usual, caFile, caData, tlsServerName } = admin.getCurrentCluster()!
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace } }],
    users: [{ name: 'test', user: { token } }],
    clusters: [
      {
        name: 'test',
        cluster: {
          server: server ?? usual,
          'certificate-authority': caFile,
          'certificate-authority-data': caData,
          // A name that the certificate of every API server has.
          'tls-server-name': server ? 'kubernetes.default.svc' : tlsServerName,
          // The library takes plain HTTP only so.
          'insecure-skip-tls-verify': server?.startsWith('http:') ?? false,
        },
      },
    ],
  })
}
