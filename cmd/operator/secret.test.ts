import assert from 'node:assert/strict'
import { newClusterId, parseLabels, parseWanted } from './secret.ts'

describe('make-secret', () => {
  it('makes 64 hex digits, and cluster ids as Kafka does', () => {
    const wanted = parseWanted(['jwt-secret=hex64', 'kafka-cluster-id=kafka-cluster-id'])
    assert.match(wanted['jwt-secret']!(), /^[0-9a-f]{64}$/)
    assert.match(wanted['kafka-cluster-id']!(), /^[\w-]{22}$/)
    assert.notEqual(wanted['jwt-secret']!(), wanted['jwt-secret']!())
    for (let i = 0; i < 1000; i++) assert.doesNotMatch(newClusterId(), /^-/)
  })
  it('complains about what is no key', () => {
    for (const arg of ['jwt-secret', 'jwt-secret=', 'jwt-secret=toString', 'a b=hex64', '=hex64', 'a=hex65'])
      assert.throws(() => parseWanted([arg]), /is not a key and one of =hex64, =kafka-cluster-id/, arg)
    assert.throws(() => parseWanted([]), /Name at least one key/)
  })
  it('reads labels', () => {
    assert.deepEqual(parseLabels('app.kubernetes.io/name=belfry,x=,'), { 'app.kubernetes.io/name': 'belfry', x: '' })
    assert.deepEqual(parseLabels(undefined), {})
    for (const text of ['a', '=b', 'a=b=c', 'a b=c']) assert.throws(() => parseLabels(text), /is not name=value/, text)
  })
})
