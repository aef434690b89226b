import { homedir } from 'node:os'
import path from 'node:path'
import { sh } from '../shell.ts'

const root = path.resolve(import.meta.dirname, '../../..')

/** The tests of the operator that need a cluster: its CRD, rights, leader election and what it does when something fails. */
export async function operator(): Promise<string> {
  const kubeconfig = process.env.KUBECONFIG ?? path.join(homedir(), '.kube/config')
  const args = ['node_modules/mocha/bin/mocha.js', '--reporter', 'dot', 'cmd/operator/cluster/*.test.ts']
  const env = { TEST_KUBECONFIG: kubeconfig, REQUIRE_CLUSTER: '1' }
  const output = await sh(process.execPath, args, { cwd: root, env, timeoutMs: 30 * 60_000 })
  return `${/\d+ passing/.exec(output)?.[0]}, with the operator outside of the cluster`
}
