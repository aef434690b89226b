import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { type KafkaCluster, startKafkaCluster } from './cluster.ts'

export interface SecureKafka extends KafkaCluster {
  /** PEM file with the certificate to trust. */
  caFile: string
  /** For SCRAM-SHA-512 and for PLAIN alike. */
  username: string
  password: string
}

const run = promisify(execFile)

/** One node that takes only clients with TLS and a password (SASL). */
export async function startSecureKafka(directory: string): Promise<SecureKafka> {
  const [username, password] = ['belfry', randomUUID()]
  const { keystore, caFile } = await makeCertificate(path.join(directory, 'tls'))
  const module = (name: string, more = '') => `org.apache.kafka.common.security.${name}LoginModule required${more};`
  const cluster = await startKafkaCluster({
    nodes: 1,
    directory,
    properties: {
      'listener.security.protocol.map': 'CLIENT:SASL_SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
      'listener.name.client.plain.sasl.jaas.config': module('plain.Plain', ` user_${username}="${password}"`),
      'listener.name.client.scram-sha-512.sasl.jaas.config': module('scram.Scram'),
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.location': keystore,
      'ssl.keystore.password': keystorePassword,
    },
    formatArgs: ['--add-scram', `SCRAM-SHA-512=[name=${username},password=${password}]`],
  })
  return { ...cluster, caFile, username, password }
}

const keystorePassword = 'belfry-test'

/** A certificate for 127.0.0.1 that is its own authority, in files in `directory`. */
export async function makeCertificate(directory: string): Promise<{ keystore: string; caFile: string }> {
  const [keystore, caFile] = [path.join(directory, 'keystore.p12'), path.join(directory, 'ca.pem')]
  const store = ['-alias', 'kafka', '-keystore', keystore, '-storepass', keystorePassword]
  const names = ['-dname', 'CN=belfry-test-kafka', '-ext', 'SAN=IP:127.0.0.1,DNS:localhost']
  await mkdir(directory, { recursive: true })
  await run('keytool', ['-genkeypair', '-keyalg', 'EC', '-storetype', 'PKCS12', '-validity', '2', ...names, ...store])
  await run('keytool', ['-exportcert', '-rfc', '-file', caFile, ...store])
  return { keystore, caFile }
}
