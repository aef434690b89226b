import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runChild } from '#internal/testing/child'
import { describeWithCluster } from '#internal/testing/cluster'
import { chartRules } from '../testing.ts'
import { type TestNamespace, testNamespace } from './testing.ts'

const script = path.join(import.meta.dirname, '../make-secret.ts')

describeWithCluster('make-secret', function () {
  this.timeout(180_000)

  const name = 'belfry-secrets'
  let place: TestNamespace
  let directory: string
  let kubeconfig: string
  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'belfry-test-secret-'))
    kubeconfig = path.join(directory, 'kubeconfig')
    place = await testNamespace()
    const write = await place.account('secrets', chartRules('secrets.yaml', name))
    await writeFile(kubeconfig, write())
  })
  after(async () => {
    await place?.drop()
    if (directory) await rm(directory, { recursive: true })
  })
  const run = async (...args: string[]) => {
    const env = { PATH: process.env.PATH, KUBECONFIG: kubeconfig, SECRET_LABELS: 'app.kubernetes.io/name=belfry,x=y' }
    const child = runChild(script, args, env)
    return { code: await child.ended, stdout: child.stdout, stderr: child.stderr }
  }
  const secret = () => place.core.readNamespacedSecret({ name, namespace: place.namespace })

  it('makes a Secret once, though several do at the same time', async () => {
    const all = await Promise.all(
      [1, 2, 3].map(() => run(name, 'jwt-secret=hex64', 'kafka-cluster-id=kafka-cluster-id')),
    )
    for (const { code, stderr } of all) assert.equal(code, 0, stderr)
    assert.equal(all.filter(({ stdout }) => /was made with jwt-secret, kafka-cluster-id\./.test(stdout)).length, 1)
    const { data, metadata } = await secret()
    assert.match(Buffer.from(data!['jwt-secret']!, 'base64').toString(), /^[0-9a-f]{64}$/)
    assert.match(Buffer.from(data!['kafka-cluster-id']!, 'base64').toString(), /^\w[\w-]{21}$/)
    assert.deepEqual(metadata!.labels, { 'app.kubernetes.io/name': 'belfry', x: 'y' })
  })

  it('adds what is missing, and changes nothing', async () => {
    const before = (await secret()).data!
    const all = await Promise.all([1, 2, 3].map(() => run(name, 'jwt-secret=hex64', 'postgres-password=hex64')))
    for (const { code, stderr } of all) assert.equal(code, 0, stderr)
    assert.equal(all.filter(({ stdout }) => /was given postgres-password\./.test(stdout)).length, 1)
    const { 'postgres-password': added, ...rest } = (await secret()).data!
    assert.deepEqual(rest, before)
    assert.ok(added)
    assert.match((await run(name, 'jwt-secret=hex64')).stdout, /has every key already/)
  })

  it('says in a line why it could not', async () => {
    const other = `other-${randomBytes(2).toString('hex')}`
    const { code, stderr } = await run(other, 'a=hex64')
    assert.equal(code, 1)
    assert.match(stderr, /^secrets "other-\w+" is forbidden: .*\n$/)
  })
})
