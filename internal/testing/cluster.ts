import type { KubeConfig } from '@kubernetes/client-node'
import { skipOrFail } from './skip.ts'

/** The cluster that tests may use: they make and remove namespaces in it, and the CRD. @throws when there is none */
export async function testCluster(): Promise<KubeConfig> {
  const file = process.env.TEST_KUBECONFIG
  // Not KUBECONFIG: nobody's cluster is to be changed because it is the one that they are at.
  if (!file) throw new Error('TEST_KUBECONFIG does not name the kubeconfig of a cluster')
  // Here, because it takes a while and most tests do without.
  const { KubeConfig, VersionApi } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  config.loadFromFile(file)
  await config
    .makeApiClient(VersionApi)
    .getCode()
    .catch((error: Error) => {
      throw new Error(`the cluster of ${file} does not answer: ${(error.cause as Error)?.message ?? error.message}`)
    })
  return config
}

/** A `describe` whose tests use testCluster(). Where no cluster can be had they are skipped, or fail if REQUIRE_CLUSTER is 1. */
export function describeWithCluster(title: string, body: (this: Mocha.Suite) => void): void {
  describe(title, function () {
    before(async function () {
      this.timeout(30_000)
      try {
        await testCluster()
      } catch (error) {
        skipOrFail(this, { what: 'CLUSTER TESTS', required: 'REQUIRE_CLUSTER', error: error as Error })
      }
    })
    body.call(this)
  })
}
